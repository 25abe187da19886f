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
    /// <summary>A file or folder of samples does not exist.</summary>
    public const string DataMissing = "OCT1001";

    /// <summary>A file of samples cannot be read (rights, or the disk).</summary>
    public const string DataUnreadable = "OCT1002";

    /// <summary>A file or folder is of no kind that samples are read from.</summary>
    public const string DataUnrecognized = "OCT1003";

    /// <summary>There are no samples.</summary>
    public const string DataEmpty = "OCT1004";

    /// <summary>A line of a list of samples is malformed, or names a file that does not exist.</summary>
    public const string ListMalformed = "OCT1005";

    /// <summary>The data does not name the model's inputs, or the inputs have different numbers of samples.</summary>
    public const string InputsMismatched = "OCT1006";

    /// <summary>The number of samples is not a multiple of the model's fixed batch.</summary>
    public const string BatchIncomplete = "OCT1007";

    /// <summary>An .npy, .npz, IDX, raw or protobuf file of values is malformed or cut off.</summary>
    public const string ArrayMalformed = "OCT1010";

    /// <summary>An array holds a type of values that is not read or that does not fit the model's input.</summary>
    public const string ArrayTypeUnsupported = "OCT1011";

    /// <summary>An array is larger than Octet reads.</summary>
    public const string ArrayTooLarge = "OCT1012";

    /// <summary>A file of labels is malformed or does not fit the samples.</summary>
    public const string LabelsMalformed = "OCT1020";

    /// <summary>A picture is damaged or of a variety that is not read.</summary>
    public const string PictureDamaged = "OCT1201";

    /// <summary>A file among the pictures is not a picture.</summary>
    public const string NotAPicture = "OCT1202";

    /// <summary>A sample holds NaN or infinity.</summary>
    public const string SampleNotFinite = "OCT1203";

    /// <summary>A picture has more pixels or bytes than are read.</summary>
    public const string PictureTooLarge = "OCT1204";

    /// <summary>A sample's shape is not that of the model's input.</summary>
    public const string SampleShape = "OCT1205";

    /// <summary>All values of a sample are the same.</summary>
    public const string SampleConstant = "OCT1206";

    /// <summary>Two samples are the same.</summary>
    public const string SampleDuplicate = "OCT1207";

    /// <summary>There are fewer samples than statistics need.</summary>
    public const string SamplesFew = "OCT1208";

    /// <summary>A calibration sample is also in the test set.</summary>
    public const string SampleInTest = "OCT1209";

    /// <summary>The samples' values do not look as if they were scaled as models usually expect.</summary>
    public const string ValuesUnscaled = "OCT1210";

    /// <summary>A sample's value does not fit the type of the model's input.</summary>
    public const string SampleOutOfRange = "OCT1211";

    /// <summary>There are more samples than statistics gain by.</summary>
    public const string SamplesMany = "OCT1212";

    /// <summary>One sample alone drives the extremes of many tensors.</summary>
    public const string SampleOutlier = "OCT1213";

    /// <summary>The evaluation samples are unlike the calibration samples.</summary>
    public const string DataUnlike = "OCT1214";

    /// <summary>A preprocessing recipe is malformed or does not fit the model's input.</summary>
    public const string PreprocessInvalid = "OCT2101";

    /// <summary>An option or argument of the command line is unknown, missing or out of range.</summary>
    public const string InvalidUsage = "OCT2001";

    /// <summary>A name given by the user (of a layer, target, method, preset…) is not known.</summary>
    public const string UnknownName = "OCT2002";

    /// <summary>The outputs of a model and of the reference that it is compared with do not fit each other.</summary>
    public const string OutputsMismatched = "OCT3904";

    /// <summary>Tensors of a quantized model cannot be matched with those of the float model that it is compared with.</summary>
    public const string TensorsUnmatched = "OCT3905";

    /// <summary>A layer has no integer form in what is to be written.</summary>
    public const string NoIntegerForm = "OCT3906";

    /// <summary>Another tool's setting, platform or file form that Octet knows and does not do.</summary>
    public const string DialectUnsupported = "OCT2401";

    /// <summary>A recurrent layer cannot be written out step by step.</summary>
    public const string RecurrenceLeft = "OCT2402";

    /// <summary>The user's own metric failed, or gave no number.</summary>
    public const string MetricFailed = "OCT2201";

    /// <summary>A weight of a layer that is to be quantized is NaN or infinite.</summary>
    public const string NonFiniteWeight = "OCT3601";

    /// <summary>ONNX Runtime cannot load the model.</summary>
    public const string RuntimeRefusedModel = "OCT3901";

    /// <summary>A run of the model failed: an input is missing or does not fit, or an operator refused its values.</summary>
    public const string RunFailed = "OCT3902";

    /// <summary>An output is not a tensor of numbers.</summary>
    public const string UnsupportedOutput = "OCT3903";

    /// <summary>An output file cannot be written.</summary>
    public const string OutputNotWritable = "OCT2009";

    /// <summary>A model file does not exist or cannot be read.</summary>
    public const string ModelNotReadable = "OCT3001";

    /// <summary>A file is not a model of the format: truncated, garbage, or without what a model must have.</summary>
    public const string ModelMalformed = "OCT3002";

    /// <summary>A model holds so many small elements that reading it would take far more memory than its size suggests.</summary>
    public const string ModelTooManyElements = "OCT3003";

    /// <summary>A model's messages or graphs are nested too deeply.</summary>
    public const string ModelTooDeep = "OCT3004";

    /// <summary>Nodes of a graph wait for each other's results.</summary>
    public const string GraphCyclic = "OCT3005";

    /// <summary>Two values, attributes or operator sets of a model bear one name.</summary>
    public const string DuplicateName = "OCT3006";

    /// <summary>A node reads a value that nothing defines.</summary>
    public const string UndefinedValue = "OCT3007";

    /// <summary>A tensor's type, dimensions and data do not fit each other.</summary>
    public const string TensorInvalid = "OCT3008";

    /// <summary>External data lies outside the model's folder.</summary>
    public const string ExternalDataOutside = "OCT3009";

    /// <summary>External data is missing, too short, or described wrongly.</summary>
    public const string ExternalDataInvalid = "OCT3010";

    /// <summary>A model's operator set, or an operator of it, has no conversion to the version that is needed.</summary>
    public const string OpsetUnsupported = "OCT3011";

    /// <summary>A model is too large to be written in one file.</summary>
    public const string ModelTooLarge = "OCT3012";

    /// <summary>The quantized model is worse than the user allows.</summary>
    public const string QualityGateMissed = "OCT4001";

    /// <summary>A tensor of the float model holds NaN or infinite values.</summary>
    public const string TensorNotFinite = "OCT4101";

    /// <summary>Quantizing a layer costs more of the outputs' quality than the budget.</summary>
    public const string LayerCostly = "OCT4102";

    /// <summary>A threshold still moved with the last calibration samples.</summary>
    public const string ThresholdUnsettled = "OCT4104";

    /// <summary>Statistics lack what a threshold method needs.</summary>
    public const string StatisticMissing = "OCT4103";

    /// <summary>The model needs more memory than the limit allows.</summary>
    public const string MemoryLimitTooSmall = "OCT2302";

    /// <summary>Statistics are of another model, other samples or another machine than they are used with.</summary>
    public const string StatisticsStranger = "OCT2303";

    /// <summary>A statistic cannot be gathered or merged in the way that was asked for, because of its kind.</summary>
    public const string StatisticKindRefused = "OCT2304";

    /// <summary>A file is no report that a plan could be read from.</summary>
    public const string PlanMalformed = "OCT2305";

    /// <summary>A plan is of another model, target or other options than it is used with.</summary>
    public const string PlanStranger = "OCT2306";

    /// <summary>A file of statistics is malformed or cut off.</summary>
    public const string StatisticsMalformed = "OCT2301";

    /// <summary>Parts of a tensor have ranges too unlike for one scale; what joins them stays float.</summary>
    public const string RangesConflict = "OCT4112";

    /// <summary>A layer reads channels that are always zero with weights larger than all others, which were limited.</summary>
    public const string ChannelDead = "OCT4113";

    /// <summary>The search of a high effort was ended early, with the best that it had found.</summary>
    public const string SearchCutShort = "OCT4114";

    /// <summary>At a quantized layer the noise has more than a tenth of the signal's power.</summary>
    public const string LayerNoisy = "OCT4111";

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
