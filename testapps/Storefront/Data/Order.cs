namespace Storefront.Data;

public class Order
{
    public int Id { get; set; }

    public int ProductId { get; set; }

    public Product? Product { get; set; }

    public int Quantity { get; set; }

    public required string Email { get; set; }

    public decimal Total { get; set; }
}
