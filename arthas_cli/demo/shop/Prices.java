package shop;

import java.util.HashMap;
import java.util.Map;

/** What the items cost; with `-Dshop.cache=off` each is looked up anew, which takes its time. */
class Prices {
    private static final long LOAD_MILLIS = 300;

    private final boolean isCached = !"off".equals(System.getProperty("shop.cache"));
    private final Map<String, Integer> cache = new HashMap<String, Integer>();

    int find(String item) throws InterruptedException {
        Integer price = cache.get(item);
        if (price == null) {
            price = load(item);
            if (isCached) {
                cache.put(item, price);
            }
        }
        return price;
    }

    private int load(String item) throws InterruptedException {
        Thread.sleep(LOAD_MILLIS);
        return item.length() * 100;
    }
}
