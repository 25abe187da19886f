namespace Octet;

/// <summary>
/// Every error code that Octet reports. A code never changes its meaning and is never used again for another.
/// <list type="bullet">
/// <item><c>OCT1xxx</c> data: exit status 4</item>
/// <item><c>OCT2xxx</c> usage and configuration: exit status 2</item>
/// <item><c>OCT3xxx</c> models and formats: exit status 3</item>
/// <item><c>OCT40xx</c> a quality gate was missed: exit status 1; the other <c>OCT4xxx</c> calibration and planning: exit status 2</item>
/// <item><c>OCT9xxx</c> internal: exit status 70</item>
/// </list>
/// </summary>
public static class ErrorCodes
{
    /// <summary>An option or argument of the command line is unknown, missing or out of range.</summary>
    public const string InvalidUsage = "OCT2001";

    /// <summary>A name given by the user (of a layer, target, method, preset…) is not known.</summary>
    public const string UnknownName = "OCT2002";

    /// <summary>ONNX Runtime cannot load the model.</summary>
    public const string RuntimeRefusedModel = "OCT3901";

    /// <summary>A run of the model failed: an input is missing or does not fit, or an operator refused its values.</summary>
    public const string RunFailed = "OCT3902";

    /// <summary>An output is not a tensor of numbers.</summary>
    public const string UnsupportedOutput = "OCT3903";

    /// <summary>A native library (ONNX Runtime or libvips) is missing for this kind of machine or cannot be loaded.</summary>
    public const string NativeLibraryMissing = "OCT9001";

    /// <summary>A fault in Octet itself.</summary>
    public const string Internal = "OCT9000";

    /// <summary>The exit status of the command line for a code.</summary>
    /// <param name="code">A code of this list.</param>
    /// <returns>1 quality, 2 usage or configuration, 3 model, 4 data, 70 internal.</returns>
    /// <exception cref="ArgumentException"><paramref name="code"/> is not <c>OCT</c>, one of 1, 2, 3, 4 and 9, and three digits.</exception>
    public static int ExitStatusOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var wellFormed = code.Length == 7 && code.StartsWith("OCT", StringComparison.Ordinal) && code.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0;
        return wellFormed ? code[3] switch
        {
            '1' => 4,
            '2' => 2,
            '3' => 3,
            '4' => code[4] == '0' ? 1 : 2,
            '9' => 70,
            _ => throw NoSuchCode(code),
        }
        : throw NoSuchCode(code);
    }

    private static ArgumentException NoSuchCode(string code) =>
        new($"\"{code}\" is not an error code: OCT, one of 1, 2, 3, 4 and 9, and three digits", nameof(code));
}
