package kernel.core.domain;

/**
 * Something that code which is not trusted may not do.
 *
 * @param place where: a class and method, or a header of the manifest
 * @param reached what: a class or member, or a property of the code
 * @param reason why not, and what to do instead where there is anything
 */
public record Violation(String place, String reached, String reason) {

    @Override
    public String toString() {
        return place + ": " + reached + ": " + reason;
    }
}
