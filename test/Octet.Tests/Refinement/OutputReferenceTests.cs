using Octet.Data;
using Octet.Graphs;
using Octet.Numerics;
using Octet.Refinement;

namespace Octet.Tests.Refinement;

public sealed class OutputReferenceTests
{
    private const float Sure = 20;

    [Fact]
    public void IsBetter_WhenEverySampleGains_IsTrue()
        => Assert.True(OutputReference.IsBetter([1, 2, 3, 4], [1.5, 2.4, 3.6, 4.5]));

    [Fact]
    public void IsBetter_WhenOneSampleMakesTheGain_IsFalse()
        => Assert.False(OutputReference.IsBetter([1, 2, 3, 4], [1, 2, 3, 9]));

    [Fact]
    public void IsBetter_WhenNothingDiffers_IsFalse()
        => Assert.False(OutputReference.IsBetter([1, 2], [1, 2]));

    // A Softmax that is sure of its class hides an error of one logit; one of all logits alike is none.
    [Theory]
    [InlineData(new float[] { 0, 0, 2 }, false, 0)]
    [InlineData(new float[] { 0, 0, 2 }, true, 0.01)]
    [InlineData(new float[] { 3, 3, 3 }, true, 0)]
    public void ErrorsOf_AsLogits_LooksInFrontOfTheSoftmax(float[] bias, bool asLogits, double expected)
    {
        Sample[] samples = [new(0, "sure", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray([Sure, 0, 0], new Shape(1, 3)) }, null)];
        var reference = OutputReference.Measure(Classifier("Softmax", [0, 0, 0]), samples, 1, CancellationToken.None, asLogits);
        Assert.Equal(expected, reference.ErrorsOf(Classifier("Softmax", bias), samples, 1, CancellationToken.None)[0], 1e-6);
    }

    [Fact]
    public void ErrorsOf_ASigmoidAsLogits_CountsWhatIsAddedToAll()
    {
        Sample[] samples = [new(0, "sure", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray([Sure, Sure, Sure], new Shape(1, 3)) }, null)];
        var reference = OutputReference.Measure(Classifier("Sigmoid", [0, 0, 0]), samples, 1, CancellationToken.None, asLogits: true);
        Assert.Equal(0.01, reference.ErrorsOf(Classifier("Sigmoid", [2, 2, 2]), samples, 1, CancellationToken.None)[0], 1e-6);
    }

    [Fact]
    public void Measure_AModelWithoutFloatOutputs_IsEmpty()
    {
        var graph = new Graph("classes");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, null));
        graph.AddOutput(graph.Add("ArgMax", [x], "class"));
        graph.Find("class")!.Type = new TensorType(ElementType.Int64, null);
        var model = ModelOf(graph);
        Sample[] samples = [new(0, "x", new Dictionary<string, Tensor> { ["x"] = Tensor.FromArray([1f, 2], new Shape(1, 2)) }, null)];
        Assert.True(OutputReference.Measure(model, samples, 1, CancellationToken.None).IsEmpty);
    }

    private static Model Classifier(string last, float[] bias)
    {
        var graph = new Graph("classifier");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, null));
        var logits = graph.Add("Add", [x, graph.AddConstant("bias", Tensor.FromArray(bias, new Shape(bias.Length)))], "logits");
        var output = graph.Add(last, [logits], "probabilities");
        output.Type = new TensorType(ElementType.Float32, null);
        graph.AddOutput(output);
        return ModelOf(graph);
    }

    private static Model ModelOf(Graph graph)
    {
        var model = new Model(graph);
        model.Opsets.Add(string.Empty, 17);
        return model;
    }
}
