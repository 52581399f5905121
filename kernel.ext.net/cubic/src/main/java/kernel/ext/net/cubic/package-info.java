/** The congestion control CUBIC. */
package kernel.ext.net.cubic;
