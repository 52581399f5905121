/**
 * The linker: what bundles that are not trusted may reach, decided when they are linked. {@link kernel.core.linker.Rules} says what that is, {@link
 * kernel.core.linker.Verifier} compares classes with it, {@link kernel.core.linker.Inspection} whole bundles, {@link
 * kernel.core.linker.Hooks} act on it.
 */
package kernel.core.linker;
