/** A small web server inside the kernel, on the kernel's own TCP: static pages, and the machine as JSON. */
package bundles.web;
