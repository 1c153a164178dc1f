namespace Storefront.Services;

/// <summary>Tells tests what requests allocate.</summary>
static class Allocated
{
    public static long Bytes() => GC.GetTotalAllocatedBytes(precise: true);
}
