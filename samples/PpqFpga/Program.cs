// PPQ's program of quantization for an FPGA, with PPQ's names, in C#:
//
//     dotnet run -c Release --project samples/PpqFpga -- working/
//
// The working directory holds model.onnx and data/ with a .npy or .bin file for each sample, as for PPQ. The same on the command line:
//
//     octet ppq working/ --platform FPGA_INT8 --calib-steps 256 --batch-size 16 --require-analyse
using Octet;
using Octet.Analysis;
using Octet.Data;
using Octet.Dialects.Ppq;
using Octet.Dialects.Ppq.Analyses;
using Octet.Dialects.Ppq.Exports;
using Octet.Formats.Onnx;

if (args is not [var workingDirectory, .. var rest])
{
    Console.Error.WriteLine("usage: PpqFpga WORKING_DIRECTORY [STEPS [dump]]");
    return 2;
}

const string targetPlatform = "FPGA_INT8"; // every scale a power of two
const string inputLayout = "chw";
const int calibrationBatchSize = 16;
bool requireAnalyse = true;
bool dumpResult = rest.Contains("dump");
int calibSteps = rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : 256;
int threads = Environment.ProcessorCount;

try
{
    // Training (finetune_steps) is left out with a warning; 0 says that it is not wanted.
    var setting = new UnbelievableUserFriendlyQuantizationSetting
    {
        Platform = targetPlatform,
        FinetuneSteps = 0,
        Calibration = "percentile",
        Equalization = true,
        NonQuantableOp = null,
    }.ConvertToDaddySetting();

    var model = OnnxFormat.Read(Path.Combine(workingDirectory, "model.onnx"));
    var dataloader = CalibrationFolder.Open(Path.Combine(workingDirectory, "data"), ModelInputs.Of(model.Graph), inputLayout, calibrationBatchSize, new SampleOptions());
    var quantized = new PpqQuantizer(TargetPlatform.Find(targetPlatform), setting).Quantize(model, dataloader, calibSteps, threads);
    foreach (string warning in quantized.Warnings)
    {
        Console.Error.WriteLine(warning);
    }

    // The simulation runs before and after the export.
    using (var executor = new PpqExecutor(quantized))
    {
        var outputs = executor.Forward(dataloader.Load(0).Inputs);
        Console.WriteLine($"{executor.Variables[0]} of the first batch: {outputs[0]}");
    }

    var reports = PpqAnalyses.GraphwiseErrorAnalyse(quantized, dataloader, steps: 8, threads);
    Console.Write(MeasurePrinter.OfErrors(reports));
    foreach (var (operation, measures) in reports.Where(r => r.Value.NoiseRatio > ErrorMeasures.NoisyRatio))
    {
        Console.WriteLine($"{operation} lost too much: {measures.NoiseRatio:P1} of the signal");
    }

    if (requireAnalyse)
    {
        Console.Write(MeasurePrinter.OfErrors(PpqAnalyses.LayerwiseErrorAnalyse(quantized, dataloader, steps: 8, threads)));
    }

    if (dumpResult)
    {
        InternalResults.Dump(quantized, dataloader, workingDirectory);
    }

    // Integers to see in the file, with scales that are powers of two. NXP_INT8 keeps floats and writes ranges.
    foreach (string path in PpqExporter.Export(quantized, "ONNXRUNTIME", Path.Combine(workingDirectory, "quantized.onnx")))
    {
        Console.WriteLine($"written {path}");
    }

    return 0;
}
catch (OctetException e)
{
    Console.Error.WriteLine(e.Message);
    return e.ExitStatus;
}
