package hw.alpha.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code that a translator rehearses with. */
class RehearsalTest {

    @Test
    void regionsAreAsLargeAsThoseOfPrograms() {
        List<RegionShape> all = new ArrayList<>();
        Rehearsal.perform(all::add);
        assertEquals(Rehearsal.REGIONS, all.size());
        double mean = all.stream().mapToInt(RegionShape::size).average().orElseThrow();
        assertTrue(mean > 30, "instructions of a region: " + mean);
        RegionLoader loader = new RegionLoader(true);
        for (RegionShape shape : all) {
            assertNotNull(loader.define(RegionWriter.write(shape, loader.internal(), Registers.FILE)));
        }
    }

    @Test
    void itEndsWhenItIsTold() {
        List<RegionShape> all = new ArrayList<>();
        Rehearsal.perform(shape -> {
            all.add(shape);
            return all.size() < 3;
        });
        assertEquals(3, all.size());
    }
}
