/** A pager that decompresses: programs map block-compressed files as what is in them. */
package bundles.pagers.unzip;
