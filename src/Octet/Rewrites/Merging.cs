using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Rewrites;

/// <summary>The edits by which one node takes over what another did.</summary>
internal static class Merging
{
    /// <summary>Whether a value is read by one node input of its own graph and by nothing else, so that its reader can change it.</summary>
    public static bool HasOneReader(this Value value)
        => value is { Uses.Count: 1, IsOutput: false } && value.Uses[0].Node.Graph == value.Graph;

    /// <summary>Whether a value is a constant of 32-bit floats.</summary>
    public static bool IsFloatConstant(this Value? value) => value is { IsConstant: true, Constant.Type: ElementType.Float32 };

    /// <summary>
    /// Removes <paramref name="gone"/>, whose work <paramref name="node"/> in front of it does now: the node's output takes the name of
    /// the output that it replaces, so that a name means the same values as in the user's file.
    /// </summary>
    public static void TakeOver(Node node, Node gone)
    {
        var (mine, theirs) = (node.Output, gone.Output);
        theirs.ReplaceWith(mine);
        mine.Type = theirs.Type;
        string name = theirs.Name;
        node.Source = [.. node.Source, .. gone.Source.Except(node.Source)];
        node.Graph.Remove(gone);
        node.Graph.Rename(mine, name);
    }

    /// <summary>Removes <paramref name="gone"/>, whose work <paramref name="node"/> behind it does now by reading <paramref name="input"/>.</summary>
    public static void TakeOverInput(Node node, int index, Node gone, Value input)
    {
        node.SetInput(index, input);
        node.Source = [.. gone.Source.Except(node.Source), .. node.Source];
        node.Graph.Remove(gone);
    }

    /// <summary>Puts a constant of the same name in the place of a value that is no graph output. The node that produces it stays, unread.</summary>
    public static void ReplaceByConstant(Value value, Tensor tensor)
    {
        var graph = value.Graph;
        string name = value.Name;
        var constant = graph.AddConstant(name, tensor);
        value.ReplaceUsesWith(constant);
        graph.Rename(value, graph.FreshName(name));
        graph.Rename(constant, name);
    }

    /// <summary>Makes an input of a node read another constant. A constant that others read, too, is left to them and its successor bears a fresh name.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">Of the input.</param>
    /// <param name="values">The constant's values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="name">Its name where the input was left out.</param>
    public static void SetFloats(Node node, int index, float[] values, Shape shape, string name)
    {
        var tensor = Tensor.FromArray(values, shape);
        if (node.Input(index) is { IsConstant: true } constant && constant.HasOneReader())
        {
            constant.SetConstant(tensor);
            return;
        }

        var before = node.Input(index);
        node.SetInput(index, node.Graph.AddConstant(before?.Name ?? name, tensor));
    }

    /// <summary>Puts a node of another operator, with the same name, attributes and outputs, in the place of a node.</summary>
    public static Node Replace(Node node, string opType, IEnumerable<Value?> inputs)
    {
        var graph = node.Graph;
        string?[] names = [.. node.Outputs.Select(o => o?.Name)];
        var successor = graph.AddNode(opType, inputs, names, before: node);
        successor.Name = node.Name;
        successor.Source = node.Source;
        CopyAttributes(node, successor);

        for (int i = 0; i < names.Length; i++)
        {
            if (node.Outputs[i] is { } output)
            {
                successor.Outputs[i]!.Type = output.Type;
                output.ReplaceWith(successor.Outputs[i]!);
            }
        }

        graph.Remove(node);
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] is { } name)
            {
                graph.Rename(successor.Outputs[i]!, name);
            }
        }

        return successor;
    }

    /// <summary>Gives a node the attributes of another.</summary>
    public static void CopyAttributes(Node from, Node to)
    {
        foreach (var (name, value) in from.Attributes)
        {
            to.SetAttribute(name, value);
        }
    }

    /// <summary>
    /// Puts a node behind another so that it gives what the other gave, under the same name; the other's own output gets
    /// <paramref name="innerName"/> and loses its stated type.
    /// </summary>
    /// <returns>The output of the new node.</returns>
    public static Value PutBehind(Node node, string opType, string innerName, IEnumerable<Value?> moreInputs)
    {
        var graph = node.Graph;
        var inner = node.Output;
        string name = inner.Name;
        var outer = graph.Add(opType, [], name, before: node.Next);
        outer.Type = inner.Type;
        inner.ReplaceWith(outer);
        inner.Type = null;
        graph.Rename(inner, graph.FreshName(innerName));
        graph.Rename(outer, name);
        int index = 0;
        foreach (var input in moreInputs.Prepend(inner))
        {
            outer.Producer!.SetInput(index++, input);
        }

        return outer;
    }
}
