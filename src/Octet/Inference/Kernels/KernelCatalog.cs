using System.Runtime.Intrinsics;
using Octet.Integers;
using Octet.Integers.Steps;
using Octet.Numerics;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>The kernels of one instruction set.</summary>
internal abstract unsafe class KernelCatalog
{
    /// <summary>The kernels of an instruction set; null for the scalar code.</summary>
    /// <exception cref="PlatformNotSupportedException">The processor has not these instructions.</exception>
    public static KernelCatalog? Of(InstructionSet instructions) => instructions switch
    {
        InstructionSet.Automatic => Of(Avx512Lanes.IsSupported ? InstructionSet.Avx512 : Avx2Lanes.IsSupported ? InstructionSet.Avx2 : InstructionSet.Portable),
        InstructionSet.Scalar => null,
        InstructionSet.Portable => new KernelCatalog<PortableLanes, Vector128<int>>(),
        InstructionSet.Avx2 when Avx2Lanes.IsSupported => new KernelCatalog<Avx2Lanes, Vector256<int>>(),
        InstructionSet.Avx512 when Avx512Lanes.IsSupported => new KernelCatalog<Avx512Lanes, Vector512<int>>(),
        _ => throw new PlatformNotSupportedException($"This processor has no {instructions}."),
    };

    /// <summary>Prepares a step.</summary>
    /// <returns>False where there is no kernel for it.</returns>
    public abstract bool TryAdd(IntegerStep step, Placement placement);

    /// <summary>Prepares a step with values of 16 bits.</summary>
    /// <returns>False where there is no kernel for it.</returns>
    public abstract bool TryAddWide(IntegerStep step, Placement placement);

    /// <summary>Quantizes values: <see cref="QuantizeStep.Quantize"/>.</summary>
    public abstract void Quantize(ReadOnlySpan<float> values, QuantParams parameters, sbyte* result);
}

/// <summary>The kernels as an instruction set has them.</summary>
internal sealed unsafe class KernelCatalog<T, TVector> : KernelCatalog
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override bool TryAdd(IntegerStep step, Placement placement)
    {
        switch (step)
        {
            // Kernels choose their layout themselves, from planes.
            case ConvStep { ChannelsLast: true } or MaxPoolStep { ChannelsLast: true } or AveragePoolStep { ChannelsLast: true } or BilinearStep { ChannelsLast: true } or MeanStep { Trailing: > 1 }:
                return false;
            case ConvStep { Window.IsSpread: true } conv:
                return SpreadConvKernel.TryAdd<T, TVector>(conv, placement);
            case ConvStep conv:
                return DepthwiseKernel<T, TVector>.TryAdd(conv, placement) || ConvKernel.TryAdd<T, TVector>(conv, placement);
            case DenseStep dense:
                DenseKernel.Add<T, TVector>(dense, placement);
                return true;
            case FloatDenseStep dense:
                FloatDenseKernel<T, TVector>.Add(dense, placement);
                return true;
            case DenseSumsStep dense:
                SumsKernel<T, TVector>.Add(dense, placement);
                return true;
            case ConvSumsStep conv:
                return SumsKernel<T, TVector>.TryAdd(conv, placement);
            case DynamicQuantizeStep quantize:
                DynamicQuantizeKernel<T, TVector>.Add(quantize, placement);
                return true;
            case AddStep { Sum: FloatSum sum } add:
                return FloatSumKernel<T, TVector>.TryAdd(add, sum, placement);
            case AddStep add:
                return TabledSumKernel.TryAdd<T, TVector>(add, placement);
            case MulStep mul:
                return MulKernel<T, TVector>.TryAdd(mul, placement);
            case ExtremumStep extremum:
                return ExtremumKernel<T, TVector>.TryAdd(extremum, placement);
            case BilinearStep bilinear:
                BilinearKernel<T, TVector>.Add(bilinear, placement);
                return true;
            case MaxPoolStep pool:
                MaxPoolKernel<T, TVector>.Add(pool, placement);
                return true;
            case AveragePoolStep pool:
                AveragePoolKernel<T, TVector>.Add(pool, placement);
                return true;
            case MeanStep mean:
                if (!AveragePoolKernel<T, TVector>.TryAdd(mean, placement))
                {
                    MeanKernel<T, TVector>.Add(mean, placement);
                }

                return true;
            case TableStep table:
                TableKernel.Add(table, placement, permutes: typeof(T) == typeof(Avx512Lanes));
                return true;
            case MatMulStep product:
                MatMulKernel<T, TVector>.Add(product, placement);
                return true;
            case SoftmaxStep softmax:
                return SoftmaxKernel.TryAdd<T, TVector>(softmax, placement);
            case MoveStep move:
                return MoveKernel.TryAdd(move, placement);
            case ConcatStep concat:
                return ConcatKernel.TryAdd(concat, placement);
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override bool TryAddWide(IntegerStep step, Placement placement)
    {
        switch (step)
        {
            case ConvStep conv:
                return WideProductKernel<T, TVector>.TryAdd(conv, placement);
            case DenseStep dense:
                WideProductKernel<T, TVector>.Add(dense, placement);
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public override void Quantize(ReadOnlySpan<float> values, QuantParams parameters, sbyte* result) => QuantizeKernel.Run<T, TVector>(values, parameters, result);
}
