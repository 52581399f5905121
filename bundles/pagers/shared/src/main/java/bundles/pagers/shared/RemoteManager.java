package bundles.pagers.shared;

/** The manager of a segment that another kernel is home of: sends what the node here says to it, and hears its answers. Thread-safe. */
final class RemoteManager implements Manager, Link.Receiver {

    private final Link link;
    private final Node node;

    /** @param node the member here */
    RemoteManager(Link link, Node node) {
        this.link = link;
        this.node = node;
    }

    @Override
    public void request(Member member, long offset, int rights) {
        link.send(Message.page(Message.Kind.REQUEST, offset, rights, null));
    }

    @Override
    public void returned(Member member, long offset, int left, byte[] contents) {
        link.send(Message.page(Message.Kind.RETURN, offset, left, contents));
    }

    @Override
    public void left(Member member) {
        link.send(Message.of(Message.Kind.LEAVE));
        link.close();
    }

    @Override
    public void received(Message message) {
        switch (message.kind()) {
            case GRANT -> node.grant(message.offset(), message.rights(), message.contents());
            case RECALL -> node.recall(message.offset(), message.rights());
            case REFUSE -> node.refuse(message.offset(), message.text());
            case END -> node.end(message.text());
            default -> {
                /* not for members */ }
        }
    }

    @Override
    public void ended(String reason) {
        node.end(reason);
    }
}
