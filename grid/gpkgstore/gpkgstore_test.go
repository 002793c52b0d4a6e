package gpkgstore_test

import (
	"path/filepath"
	"testing"

	"wangge/grid"
	"wangge/grid/gpkgstore"
	"wangge/grid/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) storetest.Open {
		file := filepath.Join(tb.TempDir(), "a store %20 中文.gpkg")
		return func() (grid.Store, error) { return gpkgstore.Open(file, gpkgstore.Options{}) }
	})
}
