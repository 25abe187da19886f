namespace Octet.Analysis.Comparison;

/// <summary>One tensor of a quantized model against the tensor of that name in the float model.</summary>
/// <param name="Layer">The node of the quantized model that computes it; the tensor's own name where it is an input of the model.</param>
/// <param name="OpType">That node's operator; empty for an input of the model.</param>
/// <param name="Tensor">The tensor's name in the float model.</param>
/// <param name="Type">Type of its values in the quantized model, such as <c>uint8</c>.</param>
/// <param name="Accumulated">Its error with everything before it quantized (graphwise).</param>
/// <param name="Alone">Its error where the tensors before it hold the float model's values, rounded as the quantized model rounds them (layerwise).</param>
/// <param name="Rescaled">
/// Whether its channels have other scales or offsets than in the float model, as after channels were balanced: then the errors are against the float values
/// with those scales and offsets.
/// </param>
public sealed record ComparedTensor(string Layer, string OpType, string Tensor, string Type, ErrorMeasures Accumulated, ErrorMeasures Alone, bool Rescaled);
