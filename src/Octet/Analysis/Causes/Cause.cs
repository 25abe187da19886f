namespace Octet.Analysis.Causes;

/// <summary>A reason for which quantization loses accuracy: how it shows, and what may help. One file a cause, listed in <see cref="CauseCatalog"/>.</summary>
public abstract class Cause
{
    /// <summary>Its name, for example <c>outlier channel</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether it is told only where a remedy was tried and gained more than the layer budget. False where trying shows nothing: the defect
    /// then is told by its signs alone. True by default.
    /// </summary>
    public virtual bool IsProvenByTrial => true;

    /// <summary>Looks for its signs.</summary>
    public abstract IEnumerable<Suspicion> Find(Evidence evidence);

    /// <summary>What may help against it, the cheapest first; all of it in the places together.</summary>
    /// <param name="evidence">What is known.</param>
    /// <param name="suspicions">What <see cref="Find"/> found, at least one.</param>
    public abstract IEnumerable<Remedy> Remedies(Evidence evidence, IReadOnlyList<Suspicion> suspicions);

    /// <summary>What a trial of a remedy says about the cause, where only that can tell; null where the cause is not there.</summary>
    /// <param name="trial">The first remedy's.</param>
    /// <param name="suspicion">What led to it.</param>
    public virtual Suspicion? Confirm(Trial trial, Suspicion suspicion) => suspicion;
}
