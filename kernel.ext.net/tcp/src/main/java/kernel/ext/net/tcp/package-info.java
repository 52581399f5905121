/**
 * TCP (RFC 9293) as code without state: every method is given the connection that it works on. See the README for what is
 * implemented and what is not.
 */
package kernel.ext.net.tcp;
