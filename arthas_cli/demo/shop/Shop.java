package shop;

/** The program of the sample JVMs that are many: takes an order every 200 ms. */
public class Shop {
    private static final String[] ITEMS = {"tea", "coffee", "sugar", "milk"};
    private static final long ROUND_MILLIS = 200;
    private static final long STORE_MILLIS = 3;

    private final Prices prices = new Prices();

    /** Takes orders until it is ended. */
    public static void main(String[] args) throws InterruptedException {
        Shop shop = new Shop();
        for (int number = 1; true; number++) {
            shop.order(number, ITEMS[number % ITEMS.length]);
            Thread.sleep(ROUND_MILLIS);
        }
    }

    int order(int number, String item) throws InterruptedException {
        int price = prices.find(item);
        store(number, price);
        return price;
    }

    void store(int number, int price) throws InterruptedException {
        Thread.sleep(STORE_MILLIS);
    }
}
