namespace Octet.Formats.Onnx;

/// <summary>The errors of this format that several files report.</summary>
internal static class OnnxErrors
{
    public static OctetException Malformed(string place, string problem, Exception? cause = null) => new(
        ErrorCodes.ModelMalformed, $"{place}: {problem}", "the file is damaged or no ONNX model; export or copy it again", cause);

    public static OctetException Duplicate(string place, string problem) => new(
        ErrorCodes.DuplicateName, $"{place}: {problem}", "every value of a graph needs its own name; correct the exporter");

    public static OctetException Undefined(string place, string problem) => new(
        ErrorCodes.UndefinedValue, $"{place}: {problem}", "the graph is incomplete; export it again");

    public static OctetException BadTensor(string place, string problem) => new(
        ErrorCodes.TensorInvalid, $"{place}: {problem}", "the file is damaged or its exporter is wrong; export it again");
}
