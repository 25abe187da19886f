namespace Octet.Tests.Cli;

/// <summary>The built tool refuses options and settings that make no sense, with the nearest right ones, and writes nothing.</summary>
public sealed class BadOptionTests(BadOptionTests.Folder folder) : IClassFixture<BadOptionTests.Folder>
{
    private const string Good = "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o OUT/q.onnx ";

    public static TheoryData<string, string, string> CommandLines => new()
    {
        { "", ErrorCodes.InvalidUsage, "octet needs a command" },
        { "quantise shapes.onnx", ErrorCodes.InvalidUsage, "there is no command \"quantise\"; did you mean quantize?" },
        { "quantize", ErrorCodes.InvalidUsage, "the model is missing|--output is missing|--data is missing" },
        { "quantize shapes.onnx -o OUT/q.onnx", ErrorCodes.InvalidUsage, "--data is missing" },
        { "quantize shapes.onnx " + BadInputFolder.Data, ErrorCodes.InvalidUsage, "--output is missing" },
        { Good + "--samplez 3", ErrorCodes.InvalidUsage, "unknown option \"--samplez\" of octet quantize; did you mean --samples?" },
        { Good + "--wombat", ErrorCodes.InvalidUsage, "unknown option \"--wombat\"" },
        { Good + "second.onnx", ErrorCodes.InvalidUsage, "\"second.onnx\"" },
        { Good + "--samples", ErrorCodes.InvalidUsage, "--samples needs a value" },
        { Good + "--samples 3 --samples 4", ErrorCodes.InvalidUsage, "--samples is given 2 times" },
        { Good + "--samples 0", ErrorCodes.InvalidUsage, "--samples takes a whole number from 1 on, not \"0\"" },
        { Good + "--samples 1.5", ErrorCodes.InvalidUsage, "--samples takes a whole number from 1 on, not \"1.5\"" },
        { Good + "--samples 99999999999999999999", ErrorCodes.InvalidUsage, "--samples takes" },
        { Good + "--threads 0", ErrorCodes.InvalidUsage, "--threads takes a whole number from 1 to 1024, not \"0\"" },
        { Good + "--threads many", ErrorCodes.InvalidUsage, "not \"many\"" },
        { Good + "--seed=-1", ErrorCodes.InvalidUsage, "--seed takes a whole number from 0 on, not \"-1\"" },
        { Good + "--target onnxruntme", ErrorCodes.InvalidUsage, "--target takes|did you mean onnxruntime?" },
        { Good + "--method msee", ErrorCodes.InvalidUsage, "--method takes|did you mean mse?" },
        { Good + "--param percentile=99", ErrorCodes.InvalidUsage, "the parameter percentile is given, but no method that has parameters|--method" },
        { Good + "--method percentile --param percentil=99", ErrorCodes.UnknownName, "percentil|did you mean percentile" },
        { Good + "--method percentile --param percentile=101", ErrorCodes.InvalidUsage, "percentile of the threshold method percentile is 101" },
        { Good + "--method percentile --param num_bits=4", ErrorCodes.InvalidUsage, "--param says bits" },
        { Good + "--method percentile --param percentile", ErrorCodes.InvalidUsage, "--param \"percentile\" cannot be used|key=number" },
        { Good + "--method ppq-mse --target fpga-int8 --param power_of_two=0", ErrorCodes.InvalidUsage, "power_of_two of the threshold method ppq-mse is 0, where all scales are powers of two" },
        { "quantize shapes.onnx -o out.onnx --mode weights --param percentile=99", ErrorCodes.InvalidUsage, "--param has no effect with --mode weights" },
        { Good + "--mode statik", ErrorCodes.InvalidUsage, "did you mean static?" },
        { Good + "--weight-bits 1", ErrorCodes.InvalidUsage, "--weight-bits takes a whole number from 2 to 8, not \"1\"" },
        { Good + "--activation-bits 12", ErrorCodes.InvalidUsage, "activations of 12 bits|in mode static 16" },
        { "quantize shapes.onnx -o out.onnx --mode weights --weight-bits 3", ErrorCodes.InvalidUsage, "weights of 3 bits in mode weights" },
        { Good + "--mode dynamic", ErrorCodes.InvalidUsage, "--data has no effect with --mode dynamic" },
        { Good + "--keep-float Cnov", ErrorCodes.UnknownName, "\"Cnov\"|did you mean Conv" },
        { Good + "--threads 0 --method mes --wombat", ErrorCodes.InvalidUsage, "--wombat|--threads takes|--method takes" },
        { "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o shapes.onnx", ErrorCodes.InvalidUsage, "--output \"shapes.onnx\" would write over an input, \"shapes.onnx\"" },
        { "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o alias.onnx", ErrorCodes.InvalidUsage, "--output \"alias.onnx\" would write over an input, \"shapes.onnx\"" },
        { "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o OUT/none/q.onnx", ErrorCodes.OutputNotWritable, "there is no folder" },
        { "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o folder.onnx", ErrorCodes.OutputNotWritable, "--output \"folder.onnx\" is a folder" },
        { "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o /proc/q.onnx", ErrorCodes.OutputNotWritable, "/proc/q.onnx" },
        { "quantize shapes.onnx --effort fast " + BadInputFolder.Data + " -o OUT/q.int8", ErrorCodes.InvalidUsage, "\"|does not end in .onnx" },
        { Good + "--json OUT/none/q.json", ErrorCodes.OutputNotWritable, "--json|there is no folder" },
        { Good + "--evaluate calibration --labels none.txt", ErrorCodes.DataMissing, "none.txt" },
        { Good + "--evaluate calibration --labels names.txt", ErrorCodes.LabelsMalformed, "line 2" },
        { Good + "--evaluate none", ErrorCodes.DataMissing, "\"none\"" },
        { Good + "--evaluate damaged", ErrorCodes.NotAPicture, "sample 1 (\"b.png\")" },
        { Good + "--labels names.txt", ErrorCodes.InvalidUsage, "--labels has no effect without --evaluate" },
        { "evaluate shapes.onnx " + BadInputFolder.Data, ErrorCodes.InvalidUsage, "there is nothing to measure" },
        { "evaluate shapes.onnx --data test-labels.txt --reference none.onnx", ErrorCodes.ModelNotReadable, "none.onnx" },
        { "inspect none.onnx", ErrorCodes.ModelNotReadable, "none.onnx" },
        { "inspect broken.json", ErrorCodes.ModelMalformed, "broken.json" },
        { "convert shapes.onnx -o shapes.onnx", ErrorCodes.InvalidUsage, "would write over" },
        { "convert shapes.onnx", ErrorCodes.InvalidUsage, "--output is missing" },
        { Good + "--json OUT/q.onnx", ErrorCodes.InvalidUsage, "--json \"|would write over another output, \"" },
        { Good + "--json shapes.onnx", ErrorCodes.InvalidUsage, "--json \"shapes.onnx\" would write over an input, \"shapes.onnx\"" },
    };

    public static TheoryData<string, string> SettingsFiles => new()
    {
        { "none.json", "\"none.json\" cannot be read" },
        { "broken.json", "\"broken.json\" are not JSON" },
        { "binary.json", "\"binary.json\" are not JSON" },
        { "deep.json", "\"deep.json\" are not JSON" },
        { "array.json", "\"array.json\" are not an object" },
        { "unknown.json", "octet quantize has no setting \"sampels\"; did you mean samples?" },
        { "types.json", "samples takes a whole number from 1 on, not \"many\"|shuffle takes|data takes a text" },
        { "range.json", "--threads takes a whole number from 1 to 1024, not \"0\"" },
        { "choice.json", "did you mean kl?" },
        { "twice.json", "samples is there twice" },
    };

    [Theory]
    [MemberData(nameof(CommandLines))]
    public Task Octet_WhenTheCommandLineIsWrong_SaysWhatIsRightAndWritesNothing(string commandLine, string code, string parts)
        => folder.Refuses(commandLine, code, parts);

    [Theory]
    [MemberData(nameof(SettingsFiles))]
    public Task Quantize_WhenTheSettingsFileIsWrong_NamesFileAndKey(string file, string parts)
        => folder.Refuses($"{Good} --settings {file}", ErrorCodes.InvalidUsage, parts);

    public sealed class Folder : BadInputFolder
    {
        public Folder()
        {
            File.CreateSymbolicLink(Path.Combine(Root, "alias.onnx"), "shapes.onnx");
            Directory.CreateDirectory(Path.Combine(Root, "folder.onnx"));
            Write("names.txt", "000.png 3\n001.png three\n");
            Write("damaged/a.png", File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(Root, "calibration")).First()));
            Write("damaged/b.png", "text");
            Write("broken.json", """{ "samples": 3, "method" """);
            Write("binary.json", [0xFF, 0xFE, 0, 1, 2]);
            Write("deep.json", new string('[', 100_000));
            Write("array.json", "[3]");
            Write("unknown.json", """{ "sampels": 3 }""");
            Write("types.json", """{ "samples": "many", "shuffle": 3, "data": 4 }""");
            Write("range.json", """{ /* too few */ "threads": 0, }""");
            Write("choice.json", """{ "method": "kls" }""");
            Write("twice.json", """{ "samples": 3, "samples": 4 }""");
        }
    }
}
