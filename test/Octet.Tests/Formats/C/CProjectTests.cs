using Octet.Data;
using Octet.Formats.C;
using Octet.Formats.Onnx;
using Octet.Numerics;
using Octet.Numerics.Rescaling;
using Octet.Tests.Lowering;
using Octet.Tests.Planning;

namespace Octet.Tests.Formats.C;

public sealed class CProjectTests
{
    private static readonly string[] Sanitized = ["-O1", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"];

    public static TheoryData<string> Operators => [.. OperatorModels.All];

    public static TheoryData<string> ChipOperators => [.. OperatorModels.ChipNames, "Softmax", "Softmax of rows"];

    public static TheoryData<string> Roundings => ["Floor", "HalfUp", "HalfDown", "HalfAway", "HalfEven", "Floor16", "Single", "Double", "DoubleHalfUp"];

    [CompilerTheory("gcc")]
    [MemberData(nameof(Operators))]
    public async Task Test_OfEveryOperatorWithShifts_PassesWithSanitizers(string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        foreach (var loops in Enum.GetValues<CLoops>())
        {
            using var compiled = new CompiledC(CExport.Of(CompiledC.Quantized(model, samples, "fpga-int8"), name, samples, loops: loops));
            await compiled.RepeatVectors(Sanitized);
        }
    }

    [CompilerTheory("gcc")]
    [MemberData(nameof(Operators))]
    public async Task Test_OfEveryOperatorWithMultipliers_PassesWithSanitizers(string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        foreach (var (target, loops) in new[] { ("generic", CLoops.Plain), (OperatorModels.Names.Contains(name) ? "onnxruntime" : "generic", CLoops.Fast) })
        {
            using var compiled = new CompiledC(CExport.Of(CompiledC.Quantized(model, samples, target), name, samples, loops: loops));
            await compiled.RepeatVectors(Sanitized);
        }
    }

    [CompilerTheory("gcc")]
    [MemberData(nameof(Roundings))]
    public async Task Run_WithEveryRounding_GivesTheIntegersOfTheEngine(string rounding)
    {
        using var sample = new ShapesSample();
        bool shifts = Enum.TryParse<ShiftRounding>(rounding.TrimEnd('1', '6'), out var shift);
        IntegerArithmetic arithmetic = shifts ? new ShiftArithmetic(shift) { BiasBits = rounding.EndsWith('6') ? 16 : 32 } : new MultiplierArithmetic(Enum.Parse<MultiplierRounding>(rounding));
        var samples = sample.Open(sample.CalibrationFolder, samples: 24);
        var quantized = new Quantizer(new QuantizerOptions { Target = shifts ? "fpga-int8" : "onnxruntime", Effort = Effort.Fast, IntegerOutputs = true }).Quantize(sample.ModelPath, samples).Model;
        using var compiled = new CompiledC(CExport.Of(quantized, "shapes", samples, arithmetic));
        var (inputs, outputs) = CompiledC.RunEngine(ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = arithmetic }), samples);
        Assert.Equal(outputs, await compiled.Run(inputs, "-O3"));
        Assert.Equal(outputs, await compiled.Run(inputs, Sanitized));
    }

    [CompilerTheory("gcc")]
    [InlineData(CLoops.Plain)]
    [InlineData(CLoops.Fast)]
    public async Task Run_WithTheArithmeticOfBm1684_GivesTheIntegersOfTheEngine(CLoops loops)
    {
        using var sample = new ShapesSample();
        var arithmetic = new Bm1684Arithmetic();
        var samples = sample.Open(sample.CalibrationFolder, samples: 24);
        var quantized = new Quantizer(new QuantizerOptions { Target = "generic", Effort = Effort.Fast, IntegerOutputs = true }).Quantize(sample.ModelPath, samples).Model;
        using var compiled = new CompiledC(CExport.Of(quantized, "shapes", samples, arithmetic, loops));
        var (inputs, outputs) = CompiledC.RunEngine(ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = arithmetic }), samples);
        Assert.Equal(outputs, await compiled.Run(inputs, "-O3"));
        Assert.Equal(outputs, await compiled.Run(inputs, Sanitized));
    }

    [CompilerTheory("gcc")]
    [MemberData(nameof(ChipOperators))]
    public async Task Run_OfOperatorsWithEveryShift_GivesTheIntegersOfTheEngine(string name)
    {
        var (model, samples) = OperatorModels.Make(name);
        var quantized = CompiledC.Quantized(model, samples, "fpga-int8");
        foreach (var rounding in Enum.GetValues<ShiftRounding>())
        {
            var arithmetic = new ShiftArithmetic(rounding) { BiasBits = rounding == ShiftRounding.Floor ? 16 : 32 };
            var (inputs, outputs) = CompiledC.RunEngine(ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = arithmetic }), samples);
            foreach (var loops in Enum.GetValues<CLoops>())
            {
                using var compiled = new CompiledC(CExport.Of(quantized, name, samples, arithmetic, loops));
                Assert.Equal(outputs, await compiled.Run(inputs, Sanitized));
            }
        }
    }

    [CompilerTheory("gcc", "mnist")]
    [InlineData("fpga-int8", CLoops.Plain)]
    [InlineData("fpga-int8", CLoops.Fast)]
    [InlineData("generic", CLoops.Fast)]
    public async Task Run_OfLenet_GivesTheIntegersOfTheEngineForAllImages(string target, CLoops loops)
    {
        string path = SharedData.PathOf("mnist/lenet_bn.onnx");
        var all = SampleSources.Open(SharedData.PathOf("mnist/t10k-images-idx3-ubyte.gz"), ModelInputs.Of(OnnxFormat.Read(path).Graph), new SampleOptions());
        var some = new PartOfSamples(all, 0, 64);
        var quantized = new Quantizer(new QuantizerOptions { Target = target, Effort = Effort.Fast }).Quantize(path, some).Model;
        var project = CExport.Of(quantized, "lenet_bn.onnx", some, loops: loops);
        using var compiled = new CompiledC(project);
        var program = ModelRunner.ProgramOf(quantized, all.Load(0).Inputs, new ModelRunOptions { Arithmetic = target == "generic" ? new MultiplierArithmetic(MultiplierRounding.Single) : null });
        var (inputs, outputs) = CompiledC.RunEngine(program, all);
        Assert.Equal(10_000, all.Count);
        Assert.Equal(outputs, await compiled.Run(inputs, "-O2"));
        Assert.Equal(outputs, await compiled.Run(inputs, "-O3"));
        Assert.Equal(outputs, await compiled.Run(inputs, Sanitized));
    }

    [CompilerTheory("arm-none-eabi-gcc qemu-system-arm", "mnist")]
    [InlineData("fpga-int8", CLoops.Plain, "cortex-m3", "mps2-an385")]
    [InlineData("generic", CLoops.Plain, "cortex-m4", "mps2-an386")]
    [InlineData("fpga-int8", CLoops.Fast, "cortex-m4", "mps2-an386")]
    public async Task Run_OfLenetOnCortexM_GivesTheIntegersOfTheEngine(string target, CLoops loops, string processor, string machine)
    {
        string path = SharedData.PathOf("mnist/lenet_bn.onnx");
        var samples = SampleSources.Open(SharedData.PathOf("mnist/t10k-images-idx3-ubyte.gz"), ModelInputs.Of(OnnxFormat.Read(path).Graph), new SampleOptions { Samples = 100 });
        var quantized = new Quantizer(new QuantizerOptions { Target = target, Effort = Effort.Fast }).Quantize(path, samples).Model;
        using var compiled = new CompiledC(CExport.Of(quantized, "lenet", samples, loops: loops));
        var program = ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = target == "generic" ? new MultiplierArithmetic(MultiplierRounding.Single) : null });
        var (inputs, outputs) = CompiledC.RunEngine(program, samples);
        Assert.Equal(outputs, await compiled.RunOnCortexM(inputs, processor, machine));
    }

    [CompilerTheory("gcc", "cifar10", "mlperf_tiny", "imagenet")]
    [InlineData("cifar10/resnet8_bn.onnx", "fpga-int8", CLoops.Plain, 6)]
    [InlineData("cifar10/resnet8_bn.onnx", "fpga-int8", CLoops.Fast, 6)]
    [InlineData("cifar10/resnet8_bn.onnx", "onnxruntime-s8s8", CLoops.Fast, 6)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "fpga-int8", CLoops.Plain, 6)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "fpga-int8", CLoops.Fast, 6)]
    [InlineData("mlperf_tiny/kws_dscnn_bn.onnx", "generic", CLoops.Fast, 6)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "fpga-int8", CLoops.Plain, 2)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "fpga-int8", CLoops.Fast, 2)]
    [InlineData("imagenet/mobilenet_v2_bn.onnx", "onnxruntime-s8s8", CLoops.Fast, 2)]
    public async Task Run_OfRealNetworks_GivesTheIntegersOfTheEngine(string model, string target, CLoops loops, int count)
    {
        string path = SharedData.PathOf(model);
        var read = OnnxFormat.Read(path);
        var random = new Random(7);
        long[] shape = [.. read.Graph.Inputs[0].TensorType!.Dimensions!.Value.Select(d => d.Size ?? 1)];
        var samples = model.StartsWith("imagenet", StringComparison.Ordinal)
            ? SampleSources.Open(SharedData.PathOf("imagenet/test"), ModelInputs.Of(read.Graph), new SampleOptions { Samples = count, Preprocess = Preprocess.Parse("imagenet") })
            : SampleSources.FromMemory(Enumerable.Range(0, count).Select(i => new Sample(i, $"{i}", new Dictionary<string, Tensor> { [read.Graph.Inputs[0].Name] = WeightedModels.Random(random, 1, shape) }, null)));
        var quantized = CompiledC.Quantized(read, samples, target);
        using var compiled = new CompiledC(CExport.Of(quantized, Path.GetFileName(model), samples, loops: loops));
        var (inputs, outputs) = CompiledC.RunEngine(
            ModelRunner.ProgramOf(quantized, samples.Load(0).Inputs, new ModelRunOptions { Arithmetic = target == "fpga-int8" ? null : new MultiplierArithmetic(MultiplierRounding.Single) }), samples);
        Assert.Equal(outputs, await compiled.Run(inputs, "-O3"));
    }

    [CompilerTheory("make")]
    [InlineData("1st net (v2)", "n1st_net_v2")]
    public async Task Make_Test_PassesAndTheHeaderTellsWhatACallerNeeds(string name, string identifier)
    {
        var (model, samples) = OperatorModels.Make("Add, Relu");
        using var compiled = new CompiledC(CExport.Of(CompiledC.Quantized(model, samples, "fpga-int8"), name, samples));
        Assert.Equal(identifier, compiled.Project.Name);
        Assert.Contains("4 passed, 0 failed", (await ProcessRun.Of("make", ["test"], compiled.Folder)).Succeeded().Output, StringComparison.Ordinal);
        string header = File.ReadAllText(Path.Combine(compiled.Folder, $"{identifier}.h"));
        foreach (string line in new[] { "#define N1ST_NET_V2_INPUT_SIZE 108\n", "#define N1ST_NET_V2_INPUT_FRACTION_BITS (5)\n", "#define N1ST_NET_V2_OUTPUT_SIZE 144\n", $"void {identifier}_run(const int8_t *input, int8_t *output);\n" })
        {
            Assert.Contains(line, header, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_AModelWithFloatLayers_NamesThemAll()
    {
        var (model, samples) = OperatorModels.Make("Resize linear");
        model.Graph.Nodes.Single(n => n.Is("Resize")).SetAttribute("mode", "cubic");
        var error = Assert.Throws<OctetException>(() => CExport.Of(CompiledC.Quantized(model, samples, "fpga-int8"), "x", samples));
        Assert.Equal(ErrorCodes.NoIntegerForm, error.Code);
        Assert.Contains("more than four others", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.NoIntegerForm, Assert.Throws<OctetException>(() => CExport.Of(model, "x", samples)).Code);
    }

    [Fact]
    public void Of_ForFloatFactors_IsRefused()
    {
        var (model, samples) = OperatorModels.Make("Conv");
        var error = Assert.Throws<OctetException>(() => CExport.Of(CompiledC.Quantized(model, samples, "generic"), "x", samples, new FloatArithmetic()));
        Assert.Equal(ErrorCodes.NoIntegerForm, error.Code);
    }

    [Theory]
    [InlineData("/relu1/Relu_output_0", "relu1_Relu_output_0")]
    [InlineData("a--b", "a_b")]
    [InlineData("3x3", "n3x3")]
    [InlineData("", "n")]
    [InlineData("größe", "gr_e")]
    public void Of_AName_IsAnIdentifier(string name, string identifier) => Assert.Equal(identifier, CName.Of(name));
}
