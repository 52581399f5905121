/** A page store that can be put in front of the swap disk while programs run. */
package bundles.pagers.compressed;
