using System.Numerics.Tensors;
using Octet.Calibration;
using Octet.Calibration.Patches;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// What quantizing a layer's input costs at the layer's output, relative to the output's power. Sampled rows tell how errors of the input become errors of the output; the
/// histogram of all values tells how large they are (a ratio estimate: Cochran 1977, "Sampling Techniques", chapter 6), since a few hundred rows
/// miss the rare large values that a clipped range costs most.
/// </summary>
internal sealed class OutputErrorScore
{
    private const int Most = 256;

    private readonly float[] rows;
    private readonly float[] transposed;
    private readonly int count;
    private readonly int groups;
    private readonly int inputsPerGroup;
    private readonly int channelsPerGroup;
    private readonly HistogramError all;
    private readonly double inputPower;
    private readonly double outputPower;

    /// <summary>Prepares the judgement.</summary>
    /// <param name="patches">Rows that the layer reads; the first 256 are used.</param>
    /// <param name="weights">Its float weights, one row an output channel in the order of the patches.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="all">All values of the input.</param>
    public OutputErrorScore(PatchSet patches, float[] weights, int channels, HistogramError all)
    {
        this.all = all;
        count = Math.Min(Most, patches.Count);
        groups = patches.Request.Geometry.Groups;
        inputsPerGroup = patches.RowLength / groups;
        channelsPerGroup = channels / groups;
        rows = patches.Rows[..(count * patches.RowLength)];
        transposed = new float[weights.Length];
        for (int c = 0; c < channels; c++)
        {
            int group = c / channelsPerGroup;
            for (int k = 0; k < inputsPerGroup; k++)
            {
                transposed[(((group * inputsPerGroup) + k) * channelsPerGroup) + (c % channelsPerGroup)] = weights[(c * inputsPerGroup) + k];
            }
        }

        inputPower = TensorPrimitives.SumOfSquares<float>(rows);
        outputPower = OutputSquares(rows);
    }

    /// <summary>Σ(Δy)² / Σy² when the input is quantized with these parameters.</summary>
    public double Of(QuantParams parameters)
    {
        var errors = new float[rows.Length];
        FakeQuant.Errors(rows, parameters, errors);
        double sampled = TensorPrimitives.SumOfSquares<float>(errors) / inputPower;
        double expected = all.SquaredError(parameters) / all.Power;
        double gain = sampled > 0 ? OutputSquares(errors) / outputPower / sampled : 1;
        return inputPower > 0 && outputPower > 0 ? gain * expected : 0;
    }

    private double OutputSquares(float[] inputs)
    {
        int rowLength = groups * inputsPerGroup;
        var outputs = new float[count * channelsPerGroup];
        double sum = 0;
        for (int g = 0; g < groups; g++)
        {
            Array.Clear(outputs);
            DenseProduct.Add(
                count,
                channelsPerGroup,
                inputsPerGroup,
                inputs.AsSpan(g * inputsPerGroup),
                rowLength,
                1,
                transposed.AsSpan(g * inputsPerGroup * channelsPerGroup, inputsPerGroup * channelsPerGroup),
                channelsPerGroup,
                outputs,
                channelsPerGroup);
            sum += TensorPrimitives.SumOfSquares<float>(outputs);
        }

        return sum;
    }
}
