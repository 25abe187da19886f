using Octet.Graphs;

namespace Octet.Rewrites;

/// <summary>Runs rewrites one after the other, again and again until none finds anything, and checks the graph after each.</summary>
/// <param name="rewrites">In the order in which they run.</param>
public sealed class RewritePipeline(IReadOnlyList<IRewrite> rewrites)
{
    private const int MostRounds = 20;

    /// <summary>All rewrites that make a float model simpler before it is quantized. The list is the order.</summary>
    public static RewritePipeline Simplify { get; } = new(
    [
        new FreezeDefaults(),
        new LiftConstants(),
        new RaiseOperatorSet(),
        new DropNoOps(),
        new FoldConstants(),
        new FuseMatMulAdd(),
        new MergeReshapes(),
        new NormalizeGemm(),
        new FoldBatchNormalization(),
        new FoldChannelAffine(),
        new MergeScales(),
        new FoldPad(),
    ]);

    /// <summary>The same, with GRU and LSTM written out where they can be.</summary>
    public static RewritePipeline SimplifyAndUnroll { get; } = new([.. Simplify.Rewrites, new UnrollRecurrence()]);

    /// <summary>
    /// The same for modes without calibration, but products and the sums behind them stay apart: ONNX Runtime merges these itself, and finds its
    /// larger patterns only so.
    /// </summary>
    public static RewritePipeline SimplifyUncalibrated { get; } = new([.. Simplify.Rewrites.Where(r => r is not FuseMatMulAdd)]);

    /// <summary>The same as <see cref="Simplify"/>, with batch normalizations folded in 32-bit floats, as PPQ folds them, and chains that it leaves left.</summary>
    public static RewritePipeline SimplifyInSingle { get; } = new(
        [.. Simplify.Rewrites.Where(r => r is not MergeScales).Select(r => r is FoldBatchNormalization ? new FoldBatchNormalization(FoldingArithmetic.SingleQuotient) : r)]);

    /// <summary>The rewrites, in order.</summary>
    public IReadOnlyList<IRewrite> Rewrites => rewrites;

    /// <summary>Changes a model.</summary>
    /// <param name="model">The model, which is changed in place.</param>
    /// <param name="cancellationToken">Ends the work between two rewrites; the model is then sound, but only partly rewritten.</param>
    /// <returns>How many places each rewrite changed, by its name; those that found nothing are absent.</returns>
    /// <exception cref="OctetException"><see cref="ErrorCodes.Internal"/>: a rewrite broke the graph, or is not honest about having changed it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public IReadOnlyDictionary<string, int> Run(Model model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var ran = new List<string>();
        var context = new RewriteContext(model);
        ulong before = ModelFingerprint.Of(model);
        int idle = 0;
        for (int round = 0; round < MostRounds; round++)
        {
            foreach (var rewrite in rewrites)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int changes = rewrite.Apply(context);
                ulong after = ModelFingerprint.Of(model);
                Check(model, rewrite, changes, before != after, ran);
                before = after;
                if (changes > 0)
                {
                    context.Forget();
                    counts[rewrite.Name] = counts.GetValueOrDefault(rewrite.Name) + changes;
                    ran.Add(rewrite.Name);
                }

                idle = changes > 0 ? 0 : idle + 1;
                if (idle == rewrites.Count)
                {
                    return counts;
                }
            }
        }

        throw Broken($"the rewrites still find something after {MostRounds} rounds", ran);
    }

    private static void Check(Model model, IRewrite rewrite, int changes, bool changed, List<string> ran)
    {
        if (changes > 0 != changed)
        {
            throw Broken($"rewrite {rewrite.Name} reports {changes} changes, but the model {(changed ? "is another" : "is as it was")}", ran);
        }

        if (changed && model.Graph.Verify() is { Count: > 0 } problems)
        {
            throw Broken($"rewrite {rewrite.Name} broke the graph: {string.Join("; ", problems.Take(3))}", ran);
        }
    }

    private static OctetException Broken(string problem, List<string> ran)
        => new(ErrorCodes.Internal, $"{problem} (rewrites before it: {(ran.Count > 0 ? string.Join(", ", ran) : "none")})", "please report this with the model");
}
