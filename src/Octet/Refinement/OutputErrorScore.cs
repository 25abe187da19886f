using Octet.Calibration.Patches;
using Octet.Numerics;

namespace Octet.Refinement;

/// <summary>
/// What quantizing a layer's input costs at the layer's output, on sampled rows, relative to the output's power. The mean error of each
/// output channel counts only where no bias takes it up later.
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
    private readonly bool meanCorrected;
    private readonly double power;

    /// <summary>Prepares the judgement.</summary>
    /// <param name="patches">Rows that the layer reads; the first 256 are used.</param>
    /// <param name="weights">Its float weights, one row an output channel in the order of the patches.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="meanCorrected">Whether mean errors are corrected by biases.</param>
    public OutputErrorScore(PatchSet patches, float[] weights, int channels, bool meanCorrected)
    {
        this.meanCorrected = meanCorrected;
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

        power = SumOfSquares(rows, centred: false);
    }

    /// <summary>Σ(Δy)² / Σy² when the rows are quantized with these parameters.</summary>
    public double Of(QuantParams parameters)
    {
        var errors = new float[rows.Length];
        FakeQuant.Errors(rows, parameters, errors);
        return power > 0 ? SumOfSquares(errors, meanCorrected) / power : 0;
    }

    private double SumOfSquares(float[] inputs, bool centred)
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
            for (int c = 0; c < channelsPerGroup; c++)
            {
                double total = 0;
                double squares = 0;
                for (int i = c; i < outputs.Length; i += channelsPerGroup)
                {
                    total += outputs[i];
                    squares += (double)outputs[i] * outputs[i];
                }

                sum += centred ? Math.Max(0, squares - (total * total / count)) : squares;
            }
        }

        return sum;
    }
}
