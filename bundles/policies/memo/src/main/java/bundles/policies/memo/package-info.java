/** Notes by remote procedure call: the example of an RPC program. */
package bundles.policies.memo;
