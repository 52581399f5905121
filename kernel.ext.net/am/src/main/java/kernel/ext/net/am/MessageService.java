package kernel.ext.net.am;

import java.io.IOException;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import kernel.ext.net.api.ActiveMessage;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.Network;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The kernel's active messages: a node on the dispatcher. */
@Component(service = ActiveMessages.class, immediate = true)
public final class MessageService extends PlainMessages {

    private final Bound nobody;

    /** Made by Declarative Services. */
    @Activate
    public MessageService(@Reference Dispatcher dispatcher, @Reference(target = Binding.STUB_ONLY) Network network)
            throws IOException {
        // binding makes this bundle the node's owner, so others need its consent, which nobody gives
        this(network, dispatcher,
                dispatcher.bind(Binding.intrinsic(ActiveMessage.class, (_, _, _, _) -> false).name("nobody")));
    }

    private MessageService(Network network, Dispatcher dispatcher, Bound nobody) throws IOException {
        super(network, new AmNode() {
            private final ActiveMessage node = dispatcher.stub(ActiveMessage.class);

            @Override
            public ActiveMessage receive() {
                return node;
            }

            @Override
            public Runnable bind(int handler, String name, ActiveMessage receive) {
                return dispatcher.bind(Binding.handler(ActiveMessage.class, receive).key("handler", handler)
                        .name(name))::close;
            }
        });
        this.nobody = nobody;
    }

    @Deactivate
    void stop() {
        close();
        nobody.close();
    }
}
