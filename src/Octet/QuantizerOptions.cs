using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Octet;

/// <summary>Options of a quantizer. Names are checked when the quantizer is made, before any work.</summary>
public sealed record QuantizerOptions
{
    /// <summary>Default <see cref="QuantizationMode.Static"/>.</summary>
    public QuantizationMode Mode { get; init; } = QuantizationMode.Static;

    /// <summary>Name of the target, one of <see cref="Planning.Targets.TargetCatalog"/>. Default <c>onnxruntime</c>.</summary>
    public string Target { get; init; } = "onnxruntime";

    /// <summary>Name of the threshold method for activations, or <c>auto</c> (default): chosen per tensor by the error at the consumer's output, unless one method for all tensors gives less error at the network's outputs.</summary>
    public string Method { get; init; } = "auto";

    /// <summary>
    /// Parameters of <see cref="Method"/> and of the methods in <see cref="Layers"/>, by the names that their originals have; each method takes those that it has.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Default <see cref="Effort.Normal"/>.</summary>
    public Effort Effort { get; init; } = Effort.Normal;

    /// <summary>Default <see cref="SaturationPolicy.Avoid"/>; only targets whose kernels can saturate take notice.</summary>
    public SaturationPolicy Saturation { get; init; } = SaturationPolicy.Avoid;

    /// <summary>Default <see cref="OutputForm.Qdq"/>.</summary>
    public OutputForm Form { get; init; } = OutputForm.Qdq;

    /// <summary>Bits of a weight: 8 (default); where <see cref="Mode"/> is <see cref="QuantizationMode.Weights"/> also 4, where it is <see cref="QuantizationMode.Static"/> 2 to 8.</summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of an activation: 8 (default) or, where <see cref="Mode"/> is <see cref="QuantizationMode.Static"/>, 16.</summary>
    public int ActivationBits { get; init; } = 8;

    /// <summary>
    /// Layers that stay float: names, operator types, <c>depthwise</c>, or <c>worst:N</c> for the N layers whose quantization costs
    /// most. Default none.
    /// </summary>
    public IReadOnlyList<string> KeepFloat { get; init; } = [];

    /// <summary>What single layers shall have instead; where several name one layer, later ones win. Only in <see cref="QuantizationMode.Static"/>. Default none.</summary>
    public IReadOnlyList<LayerSetting> Layers { get; init; } = [];

    /// <summary>
    /// Layers whose quantization costs more of the outputs' SQNR than this, in dB, are named in the report's warnings; &gt; 0. Default 3: layers that
    /// make more than half of all the noise. At <see cref="Effort.Fast"/> nothing is measured.
    /// </summary>
    public double LayerBudget { get; init; } = 3;

    /// <summary>Whether a bias takes up the mean shift of every output channel. Default true; never at <see cref="Effort.Fast"/>.</summary>
    public bool BiasCorrection { get; init; } = true;

    /// <summary>Whether weights are rounded with error feedback (GPTQ). Default true; never at <see cref="Effort.Fast"/>.</summary>
    public bool ErrorFeedback { get; init; } = true;

    /// <summary>
    /// Whether the channels between layers are brought to like size (cross-layer equalization; sums of residual networks and clamps such as ReLU6 included). Default <see cref="RefinementUse.Auto"/>: where less
    /// noise is predicted, and, at <see cref="Effort.High"/>, the network's outputs do not contradict that. Never at <see cref="Effort.Fast"/>.
    /// </summary>
    public RefinementUse Equalization { get; init; }

    /// <summary>
    /// Whether outliers of the activations that matrix products read are moved to their weights (SmoothQuant). Default <see cref="RefinementUse.Auto"/>: where it lowers the
    /// errors at the products' outputs and at the network's. Never at <see cref="Effort.Fast"/>.
    /// </summary>
    public RefinementUse Smoothing { get; init; }

    /// <summary>
    /// Whether channels that are large beside others, in activations or in the weights that read them, are split into several (outlier channel splitting).
    /// Default <see cref="RefinementUse.Auto"/>: where it lowers the errors at the readers' outputs and at the network's. Never at <see cref="Effort.Fast"/>.
    /// </summary>
    public RefinementUse Splitting { get; init; }

    /// <summary>
    /// Whether layers whose weights have one scale are made several, each with the output channels whose weights are of like size and a scale of its own, whose results are joined
    /// (SOPHON's <c>-conv_group</c>). Default <see cref="RefinementUse.Auto"/>: at <see cref="Effort.High"/>, where less noise is predicted in the channels, and the errors at the network's
    /// outputs become smaller. Never where weights have a scale for each channel, and never at <see cref="Effort.Fast"/>.
    /// </summary>
    public RefinementUse ChannelGrouping { get; init; }

    /// <summary>
    /// Whether operators stay float that would join values of ranges too unlike for one scale, as coordinates up to 640 and scores up to 1 are
    /// (<see cref="Planning.RangeGuard"/>), or the joined values get 16 bits where these hold them, cost less and are as good on samples. Default true.
    /// </summary>
    public bool RangeGuard { get; init; } = true;

    /// <summary>Whether the last layers compute with integers, too, so that the network's outputs are quantized even where the target could leave them float. Default false.</summary>
    public bool IntegerOutputs { get; init; }

    /// <summary>Samples run side by side, ≥ 1; the result does not depend on it. Default: the number of processors.</summary>
    [JsonIgnore]
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Ranges of activations in place of those that would be chosen; only in <see cref="QuantizationMode.Static"/>. Default null.</summary>
    [JsonIgnore]
    public SavedPlan? Plan { get; init; }

    /// <summary>Ends a search of <see cref="Effort.High"/> early; null (default) for nobody. The model then depends on the moment.</summary>
    [JsonIgnore]
    public SearchStop? SearchStop { get; init; }

    /// <summary>Seed of every random choice. Default 0.</summary>
    public ulong Seed { get; init; }
}
