/** Sends TCP connections and UDP exchanges on to other machines, below the transport. */
package kernel.ext.net.forward;
