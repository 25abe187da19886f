using Octet.Calibration;
using Octet.Graphs;
using Octet.Planning;

namespace Octet;

/// <summary>A float model with a plan that is ready to be written into it.</summary>
/// <param name="Float">The float model, its channels balanced.</param>
/// <param name="Solved">The plan with all that belongs to it.</param>
/// <param name="Words">What keeps layers float.</param>
/// <param name="Types">Types and shapes of the model's values.</param>
/// <param name="PlanWith">Plans the model with the layers of some words float.</param>
internal sealed record SolvedModel(
    Model Float, SolvedPlan Solved, IReadOnlyList<string> Words, ObservedTypes Types, Func<IReadOnlyList<string>, Plan> PlanWith)
{
    /// <summary>Ranges that did not go together, with what stays float for them.</summary>
    public IReadOnlyList<RangeConflict> Conflicts { get; init; } = [];

    /// <summary>What was done to the float model before.</summary>
    public required RefinedModel Refined { get; init; }

    /// <summary>The settings for single layers.</summary>
    public required LayerChoices Choices { get; init; }
}
