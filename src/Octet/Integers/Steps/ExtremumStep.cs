namespace Octet.Integers.Steps;

/// <summary>The greater or the lesser of two values, element by element, with dimensions of one element repeated. All three tensors have one scale.</summary>
/// <param name="Name">The layer.</param>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="Y">The result.</param>
/// <param name="IsGreatest">Whether the greater value is taken, not the lesser.</param>
public sealed record ExtremumStep(string Name, IntegerBuffer A, IntegerBuffer B, IntegerBuffer Y, bool IsGreatest) : IntegerStep(Name, [A, B], [Y])
{
    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var a = memory.Read(A);
        var b = memory.Read(B);
        var y = new int[Y.Count];
        int next = 0;
        foreach (var (i, j) in Broadcast.Indices(A.Shape, B.Shape, Y.Shape))
        {
            y[next++] = IsGreatest ? Math.Max(a[i], b[j]) : Math.Min(a[i], b[j]);
        }

        memory.Write(Y, y);
    }
}
