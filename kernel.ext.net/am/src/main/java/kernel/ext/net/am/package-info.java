/** Active messages over Ethernet frames of a type of their own. */
package kernel.ext.net.am;
