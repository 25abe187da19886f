using Octet.Graphs;

namespace Octet.Rewrites.OperatorSets;

/// <summary>
/// Turns a node of an operator into the form that a later operator set gives it. One file an operator whose definition changed so that the
/// old form means something else, or nothing, in the new set; listed in <see cref="OperatorAdapters"/>.
/// </summary>
internal interface IOperatorAdapter
{
    /// <summary>The operator of ONNX's own set.</summary>
    string OpType { get; }

    /// <summary>The operator set that changed it.</summary>
    long Version { get; }

    /// <summary>Changes or replaces a node that was valid in the operator set before <see cref="Version"/>.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OpsetUnsupported"/>: the node says what the new form cannot say.</exception>
    void Adapt(Node node, RewriteContext context);
}
