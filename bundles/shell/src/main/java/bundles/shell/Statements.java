package bundles.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Token;

/**
 * What a line of commands consists of, for those who execute it piece by piece: because they show the result of each, or look between two
 * whether somebody has interrupted the line. Gogo, given all of it, does neither. Stateless.
 */
final class Statements {

    private Statements() {}

    /**
     * Parts at semicolons, ends of lines and behind {@code &}; what {@code &&}, {@code ||} and {@code |} join stays together.
     *
     * @param program commands as Gogo's parser has understood them
     * @return programs, to be executed one after the other; none if there are no commands
     */
    static List<Parser.Program> of(Parser.Program program) {
        List<Parser.Program> all = new ArrayList<>();
        List<Parser.Executable> now = new ArrayList<>();
        for (Parser.Executable token : program.tokens()) {
            boolean operator = token instanceof Parser.Operator;
            boolean behind = operator && Token.eq("&", token);
            boolean end = operator && (Token.eq(";", token) || Token.eq("\n", token));
            if (!end) {
                now.add(token);
            }
            if ((end || behind) && !now.isEmpty()) {
                all.add(part(program, now));
                now = new ArrayList<>();
            }
        }
        if (!now.isEmpty()) {
            all.add(part(program, now));
        }
        return all;
    }

    private static Parser.Program part(Parser.Program whole, List<Parser.Executable> tokens) {
        int begin = tokens.getFirst().start() - whole.start();
        int end = tokens.getLast().start() + tokens.getLast().length() - whole.start();
        return new Parser.Program(whole.subSequence(begin, end), tokens);
    }
}
