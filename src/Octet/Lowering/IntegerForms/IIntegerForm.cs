using Octet.Graphs;

namespace Octet.Lowering.IntegerForms;

/// <summary>How an operator between quantized tensors becomes a step of an integer program.</summary>
internal interface IIntegerForm
{
    /// <summary>The operators of ONNX's own set that it is for.</summary>
    IReadOnlyList<string> OpTypes { get; }

    /// <summary>Adds the step.</summary>
    /// <param name="lowering">Knows the tensors, takes the step.</param>
    /// <param name="node">The float operator.</param>
    /// <returns>Null where that was done, else why there is no integer form.</returns>
    string? Lower(IntegerLowering lowering, Node node);
}
