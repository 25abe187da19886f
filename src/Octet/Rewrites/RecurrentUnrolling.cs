using System.Globalization;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>One GRU or LSTM written out. States are matrices, samples × hidden units.</summary>
/// <param name="node">The layer, which is removed.</param>
/// <param name="steps">Length of the sequence.</param>
internal sealed class RecurrentUnrolling(Node node, int steps)
{
    private readonly Graph graph = node.Graph;
    private readonly bool isLstm = node.Is("LSTM");
    private readonly bool linearBeforeReset = node.GetInt("linear_before_reset", 0) != 0;
    private readonly int hidden = (int)node.Inputs[2]!.Constant!.Shape[2];
    private readonly int directions = (int)node.Inputs[2]!.Constant!.Shape[0];
    private readonly List<Value?[]> states = [];
    private readonly List<Value[]> outputs = [];
    private Value[] masks = [];

    private int Gates => isLstm ? 4 : 3;

    /// <summary>Does it.</summary>
    public void Run()
    {
        if (node.Input(4) is { } lengths)
        {
            var column = Reshape(lengths, [-1, 1], "lengths");
            masks = [.. Enumerable.Range(0, steps).Select(t => Add("Less", Named("goes_on", t), graph.AddConstant(Fresh(Named("step", t)), Tensor.FromArray([t], default)), column))];
        }

        for (int d = 0; d < directions; d++)
        {
            Unroll(d, node.GetText("direction", "forward") == "reverse" || d == 1);
        }

        if (node.Outputs.ElementAtOrDefault(0) is { } all)
        {
            var each = outputs.Select(o => Add("Concat", "steps", 0, [.. o.Select((h, t) => Reshape(h, [1, 1, -1, hidden], Named("step", t)))])).ToArray();
            Replace(all, Together(each, 1));
        }

        for (int i = 1; i < node.Outputs.Length; i++)
        {
            if (node.Outputs[i] is { } last)
            {
                Replace(last, Together([.. states.Select(s => Reshape(s[i - 1]!, [1, -1, hidden], "last"))], 0));
            }
        }

        graph.Remove(node);
    }

    private static string Named(string what, int step) => string.Create(CultureInfo.InvariantCulture, $"{what}_{step}");

    private void Unroll(int direction, bool backward)
    {
        var (w, r) = (RowsOf(1, direction), RowsOf(2, direction));
        float[] bias = node.Input(3) is { } given ? Part(given.Constant!, direction) : new float[2 * Gates * hidden];
        var (own, recurrent) = (bias[..(Gates * hidden)], bias[(Gates * hidden)..]);

        // What the reset gate multiplies keeps its bias; all others are added where sums are formed over the whole sequence.
        int kept = !isLstm && linearBeforeReset ? 2 * hidden : Gates * hidden;
        for (int i = 0; i < kept; i++)
        {
            own[i] += recurrent[i];
            recurrent[i] = 0;
        }

        var rows = Reshape(node.Inputs[0]!, [-1, w.Shape[1]], "rows");
        var inputs = Reshape(Gemm("input", rows, w, own), [steps, -1, Gates * hidden], "inputs");
        Value?[] state = [.. Enumerable.Range(0, isLstm ? 2 : 1).Select(i => StateOf(node.Input(5 + i), direction))];
        var given0 = new Value[steps];
        for (int n = 0; n < steps; n++)
        {
            int t = backward ? steps - 1 - n : n;
            var x = Reshape(Slice(inputs, 0, t, t + 1, Named("input", t)), [-1, Gates * hidden], Named("input", t));
            Value[] next = isLstm ? Lstm(x, state, r, t) : [Gru(x, state[0]!, r, recurrent, t)];
            given0[t] = next[0];
            if (masks.Length > 0)
            {
                next = [.. next.Select((v, i) => Add("Where", Named("state", t), masks[t], v, state[i]!))];
                given0[t] = node.Outputs.ElementAtOrDefault(0) is null ? next[0] : Add("Where", Named("output", t), masks[t], given0[t], Zeros());
            }

            state = [.. next];
        }

        outputs.Add(given0);
        states.Add(state);
    }

    // h' = n + z (h − n), where n = tanh(x + r (h R + b)), or tanh(x + (r h) R + b).
    private Value Gru(Value x, Value h, Tensor r, float[] bias, int t)
    {
        Value product, update, reset, candidate;
        if (linearBeforeReset)
        {
            product = Gemm(Named("hidden", t), h, r, bias);
            (update, reset) = (Gate(x, product, 0, t), Gate(x, product, 1, t));
            candidate = Add("Mul", Named("reset", t), reset, Slice(product, 1, 2 * hidden, 3 * hidden, Named("candidate", t)));
        }
        else
        {
            product = Gemm(Named("hidden", t), h, Rows(r, 0, 2 * hidden), null);
            (update, reset) = (Gate(x, product, 0, t), Gate(x, product, 1, t));
            candidate = Gemm(Named("candidate", t), Add("Mul", Named("reset", t), reset, h), Rows(r, 2 * hidden, 3 * hidden), null);
        }

        var fresh = Add("Tanh", Named("candidate", t), Add("Add", Named("candidate", t), Slice(x, 1, 2 * hidden, 3 * hidden, Named("x", t)), candidate));
        return Add("Add", Named("state", t), fresh, Add("Mul", Named("update", t), update, Add("Sub", Named("change", t), h, fresh)));
    }

    // c' = f c + i g and h' = o tanh(c'); the gates stand in the order i, o, f, g.
    private Value[] Lstm(Value x, Value?[] state, Tensor r, int t)
    {
        var product = Gemm(Named("hidden", t), state[0]!, r, null);
        var (input, output, forget) = (Gate(x, product, 0, t), Gate(x, product, 1, t), Gate(x, product, 2, t));
        var fresh = Add("Tanh", Named("candidate", t), Sum(x, product, 3, t));
        var cell = Add("Add", Named("cell", t), Add("Mul", Named("kept", t), forget, state[1]!), Add("Mul", Named("new", t), input, fresh));
        return [Add("Mul", Named("state", t), output, Add("Tanh", Named("cell", t), cell)), cell];
    }

    private Value Gate(Value x, Value product, int gate, int t) => Add("Sigmoid", Named("gate", t), Sum(x, product, gate, t));

    private Value Sum(Value x, Value product, int gate, int t)
        => Add("Add", Named("sum", t), Slice(x, 1, gate * hidden, (gate + 1) * hidden, Named("x", t)), Slice(product, 1, gate * hidden, (gate + 1) * hidden, Named("h", t)));

    private Value StateOf(Value? initial, int direction)
        => initial is null ? Zeros() : Reshape(directions == 1 ? initial : Slice(initial, 0, direction, direction + 1, "initial"), [-1, hidden], "initial");

    private Value Zeros() => graph.AddConstant(Fresh("zeros"), Tensor.FromArray(new float[hidden], new Shape(1, hidden)));

    private Tensor RowsOf(int input, int direction)
    {
        var whole = node.Inputs[input]!.Constant!;
        return Tensor.FromArray(Part(whole, direction), new Shape(whole.Shape[1], whole.Shape[2]));
    }

    private static Tensor Rows(Tensor matrix, int from, int to)
    {
        int inner = (int)matrix.Shape[1];
        return Tensor.FromArray(matrix.ToFloats()[(from * inner)..(to * inner)], new Shape(to - from, inner));
    }

    private float[] Part(Tensor whole, int direction)
    {
        float[] values = whole.ToFloats();
        int count = values.Length / directions;
        return values[(direction * count)..((direction + 1) * count)];
    }

    private Value Gemm(string name, Value x, Tensor weights, float[]? bias)
    {
        var result = graph.Add(
            "Gemm",
            bias is null ? [x, graph.AddConstant(Fresh(name + "_weights"), weights)] : [x, graph.AddConstant(Fresh(name + "_weights"), weights), graph.AddConstant(Fresh(name + "_bias"), Tensor.FromArray(bias, new Shape(bias.Length)))],
            Fresh(name),
            before: node);
        result.Producer!.SetAttribute("transB", 1);
        return Sourced(result);
    }

    private Value Together(Value[] parts, int axis) => parts.Length == 1 ? parts[0] : Add("Concat", "directions", axis, parts);

    private Value Add(string opType, string name, int axis, Value[] inputs)
    {
        var result = Add(opType, name, inputs);
        result.Producer!.SetAttribute("axis", axis);
        return result;
    }

    private Value Add(string opType, string name, params Value[] inputs) => Sourced(graph.Add(opType, inputs, Fresh(name), before: node));

    private Value Reshape(Value value, long[] shape, string name) => Add("Reshape", name, value, Integers(name + "_shape", shape));

    private Value Slice(Value value, long axis, long from, long to, string name)
        => Add("Slice", name, value, Integers(name + "_from", [from]), Integers(name + "_to", [to]), Integers(name + "_axis", [axis]));

    private Value Integers(string name, long[] values) => graph.AddConstant(Fresh(name), Tensor.FromArray(values, new Shape(values.Length)));

    private string Fresh(string name) => graph.FreshName($"{node.DisplayName}/{name}");

    // Nodes bear the names of what they give, which no other value has.
    private Value Sourced(Value value)
    {
        value.Producer!.Source = node.Source;
        value.Producer.Name = value.Name;
        return value;
    }

    private void Replace(Value old, Value by)
    {
        string name = old.Name;
        by.Type = old.Type;
        old.ReplaceWith(by);
        graph.Rename(old, graph.FreshName(name + "_recurrent"));
        graph.Rename(by, name);
        by.Producer!.Name = name;
    }
}
