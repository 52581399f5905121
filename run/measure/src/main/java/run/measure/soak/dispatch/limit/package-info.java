/**
 * A bundle of its own within the soak, because the classes of a bundle whose handlers may be stopped are changed as they
 * are loaded, and nothing else of the soak should be. It is put together by {@link run.measure.soak.dispatch.DispatchTask}.
 */
package run.measure.soak.dispatch.limit;
