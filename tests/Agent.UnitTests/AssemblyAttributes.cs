[assembly: DoNotParallelize] // activity listeners, first-chance exceptions and AppContext data belong to the process
