package bundles.pagers.shared;

import java.io.IOException;

/** A member in another kernel: sends what the home says to it, and hears what it says. Thread-safe. */
final class RemoteMember implements Member, Link.Receiver {

    /** Bytes of the largest segment. */
    private static final long LARGEST = 1L << 30;

    private final Link link;
    private final Home home;
    private final int pageSize;

    RemoteMember(Link link, Home home, int pageSize) {
        this.link = link;
        this.home = home;
        this.pageSize = pageSize;
    }

    @Override
    public void grant(long offset, int rights, byte[] contents) {
        link.send(Message.page(Message.Kind.GRANT, offset, rights, contents));
    }

    @Override
    public void recall(long offset, int left) {
        link.send(Message.page(Message.Kind.RECALL, offset, left, null));
    }

    @Override
    public void refuse(long offset, String reason) {
        link.send(Message.text(Message.Kind.REFUSE, offset, reason));
    }

    @Override
    public void end(String reason) {
        link.send(Message.text(Message.Kind.END, 0, reason));
        link.close();
    }

    @Override
    public void received(Message message) throws IOException {
        long offset = message.offset();
        int rights = message.rights();
        boolean page = offset >= 0 && offset < LARGEST && offset % pageSize == 0
                && (message.body().length == 0 || message.body().length == pageSize);
        switch (message.kind()) {
            case REQUEST -> {
                check(page && (rights == Rights.READ || rights == Rights.WRITE), message);
                home.request(this, offset, rights);
            }
            case RETURN -> {
                check(page && (rights == Rights.NONE || rights == Rights.READ), message);
                home.returned(this, offset, rights, message.contents());
            }
            case LEAVE -> {
                home.left(this);
                link.close();
            }
            default -> check(false, message);
        }
    }

    private static void check(boolean right, Message message) throws IOException {
        if (!right) {
            throw new IOException("%s of %d bytes, offset %d, rights %d: no member says that".formatted(message.kind(),
                    message.body().length, message.offset(), message.rights()));
        }
    }

    @Override
    public void ended(String reason) {
        home.left(this);
    }
}
