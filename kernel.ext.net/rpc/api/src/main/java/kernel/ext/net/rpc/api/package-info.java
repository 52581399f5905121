/**
 * Remote procedure calls: ONC RPC version 2 (RFC 5531) with XDR (RFC 4506), for who serves programs and who calls them.
 */
@org.osgi.annotation.versioning.Version("0.1.0")
package kernel.ext.net.rpc.api;
