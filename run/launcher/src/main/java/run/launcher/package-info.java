/** Switches the machine on: starts the OSGi framework, installs the bundles and waits for the end. Not a bundle itself. */
package run.launcher;
