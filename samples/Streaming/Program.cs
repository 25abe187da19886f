// Quantizes a network with samples that come one by one, here from files of raw RGB frames:
//
//     dotnet run -c Release --project samples/Streaming -- model.onnx frames/ model.int8.onnx
//
// Ctrl-C ends it, and nothing is written. Only what the library makes public is used.
using System.Runtime.CompilerServices;
using Octet;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Numerics;

if (args is not [var model, var folder, var output])
{
    Console.Error.WriteLine("usage: Streaming MODEL FOLDER OUTPUT");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

var input = ModelInputs.Of(OnnxFormat.Read(model).Graph)[0];
var shape = new Shape([1, .. input.Dimensions.Skip(1).Select(d => d ?? throw new InvalidOperationException($"{input.Name} has an open size"))]);
float[] mean = [.42f, .40f, .38f];
float[] deviation = [.25f, .22f, .20f];

async IAsyncEnumerable<Sample> Frames([EnumeratorCancellation] CancellationToken cancellationToken = default)
{
    int index = 0;
    foreach (string path in Directory.EnumerateFiles(folder, "*.rgb").Order(StringComparer.Ordinal))
    {
        byte[] pixels = await File.ReadAllBytesAsync(path, cancellationToken);
        var values = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            // Rows of pixels become planes of colours.
            int channel = i % 3;
            values[(channel * (pixels.Length / 3)) + (i / 3)] = ((pixels[i] / 255f) - mean[channel]) / deviation[channel];
        }

        var inputs = new Dictionary<string, Tensor> { [input.Name] = Tensor.FromArray(values, shape) };
        yield return new Sample(index++, Path.GetFileName(path), inputs, Label: null);
    }
}

try
{
    var progress = new Progress<QuantizationProgress>(p => Console.Error.Write($"\r{p.Overall,4:P0} {p.Phase}      "));
    var result = await new Quantizer(new QuantizerOptions()).QuantizeAsync(model, Frames(stop.Token), progress, stop.Token);
    OnnxFormat.Write(result.Model, output);

    Console.WriteLine($"{result.Report.QuantizedShare:P1} of {model} is integer now, calibrated with {result.Report.Samples} frames");
    foreach (string warning in result.Report.Warnings)
    {
        Console.WriteLine(warning);
    }

    return 0;
}
catch (OctetException e)
{
    Console.Error.WriteLine(e.Message);
    return e.ExitStatus;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("interrupted; nothing was written");
    return 130;
}
