/** Discounts: binds to the shop's event, once by an annotation and once by the dispatcher's interface. */
package run.samples.discount;
