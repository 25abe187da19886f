using Octet.Graphs;
using Octet.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Octet.Refinement;

/// <summary>The weights of a Conv, ConvTranspose or Gemm seen as output channel × input channel × kernel position, whatever their layout.</summary>
internal sealed class ChannelWeights
{
    private readonly Node node;
    private readonly Value weights;
    private readonly bool inputsFirst;
    private readonly int groups;
    private readonly int kernel;

    /// <summary>Reads the weights of a layer.</summary>
    /// <param name="node">A Conv, a ConvTranspose, or a Gemm whose data are not transposed.</param>
    public ChannelWeights(Node node)
    {
        this.node = node;
        weights = node.Inputs[1]!;
        var shape = weights.Constant!.Shape;
        inputsFirst = node.Is("ConvTranspose") || (node.Is("Gemm") && node.GetInt("transB", 0) == 0);
        groups = node.Is("Gemm") ? 1 : (int)node.GetInt("group", 1);
        Outputs = (int)(inputsFirst ? shape[1] * groups : shape[0]);
        InputsOfOne = (int)(inputsFirst ? shape[0] / groups : shape[1]);
        kernel = (int)(shape.Count / ((long)Outputs * InputsOfOne));
        Values = weights.Constant.ToFloats();
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels that one output channel sees.</summary>
    public int InputsOfOne { get; }

    /// <summary>The weights in the layer's own layout.</summary>
    public float[] Values { get; }

    /// <summary>The input channel that stands at position <paramref name="i"/> of output channel <paramref name="o"/>.</summary>
    public int InputChannel(int o, int i) => (o / (Outputs / groups) * InputsOfOne) + i;

    /// <summary>The weights between an output channel and the input channel at position <paramref name="i"/>.</summary>
    public Span<float> Between(int o, int i)
    {
        int outputsOfOne = Outputs / groups;
        return Values.AsSpan((inputsFirst ? (InputChannel(o, i) * outputsOfOne) + (o % outputsOfOne) : (o * InputsOfOne) + i) * kernel, kernel);
    }

    /// <summary>Gives the layer its weights, with output channel o multiplied by <paramref name="outputs"/>[o] and input channel i divided by <paramref name="inputs"/>[i].</summary>
    /// <param name="inputs">One an input channel, or null for 1.</param>
    /// <param name="outputs">One an output channel, or null for 1; the bias is multiplied, too.</param>
    public void Scale(float[]? inputs, float[]? outputs)
    {
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < InputsOfOne; i++)
            {
                double factor = (outputs is null ? 1 : outputs[o]) / (inputs is null ? 1.0 : inputs[InputChannel(o, i)]);
                foreach (ref float weight in Between(o, i))
                {
                    weight = (float)(weight * factor);
                }
            }
        }

        Replace(1, Tensor.FromArray(Values, weights.Constant!.Shape));
        if (outputs is not null && node.Input(2)?.Constant is { } bias)
        {
            float[] scaled = bias.ToFloats();
            Replace(2, Tensor.FromArray([.. outputs.Select((f, o) => f * scaled[scaled.Length == 1 ? 0 : o])], new Shape(Outputs)));
        }
    }

    /// <summary>Gives the layer its weights and its bias with output channel o divided by <paramref name="divisors"/>[o], each quotient rounded to a 32-bit float.</summary>
    public void DivideOutputs(float[] divisors)
    {
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < InputsOfOne; i++)
            {
                TensorPrimitives.Divide(Between(o, i), divisors[o], Between(o, i));
            }
        }

        Replace(1, Tensor.FromArray(Values, weights.Constant!.Shape));
        if (node.Input(2)?.Constant is { } bias)
        {
            float[] old = bias.ToFloats();
            Replace(2, Tensor.FromArray([.. divisors.Select((d, o) => old[old.Length == 1 ? 0 : o] / d)], new Shape(Outputs)));
        }
    }

    /// <summary>Gives the layer its weights with input channel i multiplied by <paramref name="factors"/>[i], each product rounded to a 32-bit float.</summary>
    public void MultiplyInputs(float[] factors)
    {
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < InputsOfOne; i++)
            {
                TensorPrimitives.Multiply(Between(o, i), factors[InputChannel(o, i)], Between(o, i));
            }
        }

        Replace(1, Tensor.FromArray(Values, weights.Constant!.Shape));
    }

    /// <summary>The largest magnitude among the weights of each output channel.</summary>
    public float[] LargestOfOutputs()
    {
        var largest = new float[Outputs];
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < InputsOfOne; i++)
            {
                largest[o] = Math.Max(largest[o], Largest(Between(o, i)));
            }
        }

        return largest;
    }

    /// <summary>The largest magnitude among the weights that read each input channel.</summary>
    public float[] LargestOfInputs()
    {
        var largest = new float[InputChannel(Outputs - 1, InputsOfOne - 1) + 1];
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < InputsOfOne; i++)
            {
                ref float of = ref largest[InputChannel(o, i)];
                of = Math.Max(of, Largest(Between(o, i)));
            }
        }

        return largest;
    }

    /// <summary>The largest magnitude.</summary>
    public static float Largest(ReadOnlySpan<float> values) => Math.Abs(TensorPrimitives.MaxMagnitude(values));

    /// <summary>What the layer gives without its bias for inputs that hold one number a channel at every position: one value an output channel.</summary>
    public double[] Respond(float[] inputs)
    {
        var result = new double[Outputs];
        for (int o = 0; o < Outputs; o++)
        {
            for (int i = 0; i < InputsOfOne; i++)
            {
                foreach (float weight in Between(o, i))
                {
                    result[o] += (double)weight * inputs[InputChannel(o, i)];
                }
            }
        }

        return result;
    }

    /// <summary>Adds a number to the bias of each output channel; a layer without one gets it.</summary>
    public void AddToBias(double[] change)
    {
        float[]? old = node.Input(2)?.Constant?.ToFloats();
        Replace(2, Tensor.FromArray([.. change.Select((v, o) => (float)(v + (old is null ? 0 : old[old.Length == 1 ? 0 : o])))], new Shape(Outputs)));
    }

    // A new constant where others read the old one.
    private void Replace(int input, Tensor tensor)
    {
        if (node.Input(input) is { IsConstant: true, IsOutput: false, Uses.Count: 1 } own)
        {
            own.SetConstant(tensor);
            return;
        }

        node.SetInput(input, node.Graph.AddConstant(node.Input(input)?.Name ?? node.Output.Name + "_bias", tensor));
    }
}
