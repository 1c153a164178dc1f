using Microsoft.EntityFrameworkCore;

namespace Storefront.Data;

public class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Product> Products => Set<Product>();

    public DbSet<StockItem> Stock => Set<StockItem>();

    public DbSet<Order> Orders => Set<Order>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Product>().HasData(
            new Product { Id = 1, Sku = "MUG-01", Name = "Enamel mug", Description = "White enamel, blue rim. Survives most kitchens.", Price = 9.50m },
            new Product { Id = 2, Sku = "POT-02", Name = "Teapot", Description = "Stoneware, one litre, does not drip.", Price = 34.00m },
            new Product { Id = 3, Sku = "TEA-03", Name = "Breakfast tea", Description = "Loose leaf, 250 g tin.", Price = 12.25m },
            new Product { Id = 4, Sku = "SPN-04", Name = "Measuring spoon", Description = "Brass, one heaped teaspoon exactly.", Price = 6.75m },
            new Product { Id = 5, Sku = "TRY-05", Name = "Serving tray", Description = "Oiled oak with two handles.", Price = 42.00m },
            new Product { Id = 6, Sku = "KTL-06", Name = "Whistling kettle", Description = "Announced for next season. Not in the warehouse yet.", Price = 55.90m });

        modelBuilder.Entity<StockItem>().HasData(
            new StockItem { Sku = "MUG-01", Quantity = 120 },
            new StockItem { Sku = "POT-02", Quantity = 14 },
            new StockItem { Sku = "TEA-03", Quantity = 63 },
            new StockItem { Sku = "SPN-04", Quantity = 8 },
            new StockItem { Sku = "TRY-05", Quantity = 0 });
    }
}
