/** ATM circuits as nodes of the protocol graph, and classical IP over them (RFC 2225, RFC 2684). */
package kernel.ext.net.atm;
