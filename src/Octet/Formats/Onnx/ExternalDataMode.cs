namespace Octet.Formats.Onnx;

/// <summary>Where the data of large initializers go.</summary>
public enum ExternalDataMode
{
    /// <summary>Into a data file beside the model, if the model would exceed the 2 GB that a protobuf file can hold; else into the model.</summary>
    WhenNeeded,

    /// <summary>Into a data file beside the model.</summary>
    Always,

    /// <summary>Into the model; one that would exceed 2 GB is an error.</summary>
    Never,
}
