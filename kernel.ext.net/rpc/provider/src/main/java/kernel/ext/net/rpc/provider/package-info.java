/** Serves and makes remote procedure calls (ONC RPC, RFC 5531) over the kernel's UDP and TCP, with a port mapper (RFC 1833). */
package kernel.ext.net.rpc.provider;
