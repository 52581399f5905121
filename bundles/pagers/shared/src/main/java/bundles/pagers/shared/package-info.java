/** Distributed shared memory: a segment that programs of several kernels map, kept coherent page by page over the network. */
package bundles.pagers.shared;
