using System.ComponentModel.DataAnnotations;

namespace Storefront.Data;

public class StockItem
{
    [Key]
    public required string Sku { get; set; }

    public int Quantity { get; set; }
}
