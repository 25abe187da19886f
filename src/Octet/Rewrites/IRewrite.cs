using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>
/// A change of a float model that leaves its outputs equal, up to the rounding of floats. One file a rewrite, listed in
/// <see cref="RewritePipeline.Simplify"/>. A rewrite is idempotent, keeps the names of the inputs that a caller must give, of the
/// outputs and of nodes that survive, and notes in <see cref="Node.Source"/> the nodes that another one stands for.
/// </summary>
public interface IRewrite
{
    /// <summary>The name in reports and errors, lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence for people.</summary>
    string Description { get; }

    /// <summary>Changes the context's model, graphs inside nodes included.</summary>
    /// <returns>How many places were changed; 0 exactly where the model is as it was.</returns>
    int Apply(RewriteContext context);
}
